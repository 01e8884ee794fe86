"""Column titles as managers' systems write them, in Finnish, Swedish and English.

Written as people write them; compared without case, spaces, punctuation and diacritics. Words that say whose field it is
("Asukkaan sukunimi") need no entry of their own. Field names of HTJ and of our own exports are among them.
"""

import re
import unicodedata
from enum import StrEnum


class Kind(StrEnum):
    RESIDENTS = "residents"
    SHARES = "shares"


# Known, and on purpose not read: nothing to map by hand.
IGNORED = "ignored"

_BOTH = {
    "company_business_id": """Yhtiön Y-tunnus; Taloyhtiön Y-tunnus; Taloyhtiö Y-tunnus; Yhtiön ytunnus; Yhtiötunnus;
        Bolagets FO-nummer; Bostadsaktiebolagets FO-nummer; Company business ID; Housing company business ID;
        company_business_id""",
    "company_name": """Taloyhtiö; Yhtiö; Taloyhtiön nimi; Yhtiön nimi; Asunto-osakeyhtiö; Asunto Oy; As Oy; paatoiminimi;
        Päätoiminimi; Yhtiön toiminimi; Bolag; Bolaget; Bolagets namn; Bostadsaktiebolag; Husbolag; Housing
        company; Company; Company name; Housing company name; company_name""",
    "full_name": """Nimi; Koko nimi; Täydellinen nimi; Henkilö; Sukunimi Etunimi; Sukunimi Etunimet; Sukunimi ja
        etunimet; Sukunimi ja etunimi; Etunimi Sukunimi; Etunimet Sukunimi; Etunimet ja sukunimi; Etunimi ja sukunimi;
        Suku- ja etunimi; Suku- ja etunimet; Etu- ja sukunimi; Nimet; Hlö; Nimi / Yritys; Namn; Fullständigt namn; Hela
        namnet; Efternamn Förnamn; Efternamn och förnamn; Förnamn Efternamn; Förnamn och efternamn; Person; Name; Full
        name; Last name First name; Last name, First names; First name Last name; Surname First name; full_name""",
    "last_name": """Sukunimi; Sukunimet; Snimi; Suku nimi; sukunimi; Efternamn; Släktnamn; Tillnamn; Last name; Lastname;
        Surname; Family name; last_name""",
    "first_names": """Etunimet; Etunimi; Enimi; Kaikki etunimet; Etunimi/etunimet; Förnamn; Förnamnen; Samtliga förnamn;
        First name; First names; Firstname; Given name; Given names; Forename; Forenames; first_names""",
    "organisation_name": """Yhteisön nimi; Organisaation nimi; Organisaatio; Yrityksen nimi; Yritys; Omistajayhteisö;
        Yritysnimi; Samfundets namn; Organisation; Organisationens namn; Företag; Företagets namn; Organisation name;
        Organization; Owner company; organisation_name""",
    "date_of_birth": """Syntymäaika; Synt.aika; Syntaika; Syntymäpäivä; Syntymäpvm; syntymapvm; Synt. pvm; Syntynyt; Synt.;
        S.aika; Födelsetid; Födelsedatum; Född; Födelsedag; Date of birth; Birth date; Birthdate; Birthday; Born; DOB;
        date_of_birth""",
    "identity_code": """Henkilötunnus; Hetu; Sotu; Sosiaaliturvatunnus; Hlötunnus; Henkilö tunnus; Henkilötunnus/syntymäaika;
        Syntymäaika/henkilötunnus; Hetu/syntymäaika; Syntymäaika/hetu; Henkilötunnus/Y-tunnus; Hetu/Y-tunnus; Personbeteckning;
        Personnummer; Socialskyddssignum; Personal identity code; Identity code; Personal ID; Personal identity number;
        Social security number; SSN; identity_code""",
    "business_id": """Y-tunnus; Ytunnus; Y tunnus; Yrityksen Y-tunnus; Yhteisön Y-tunnus; LY-tunnus; Yritystunnus; FO-nummer;
        FO nummer; Företags- och organisationsnummer; Organisationsnummer; Business ID; Business identity code; VAT number;
        business_id""",
    "estate": """Kuolinpesä; kuolinpesa; Kuolinpesä (K/E); Onko kuolinpesä; Dödsbo; Estate; Estate of a deceased; estate""",
    "phone": """Puhelin; Puh; Puh.; Puhelinnumero; Puhelinnro; Puh.nro; Puhnro; Matkapuhelin; Matkapuhelinnumero; Kännykkä; GSM;
        Gsm-numero; Puhelin 1; Puhelin 2; Kotipuhelin; Puh. koti; Puh. työ; Työpuhelin; Mobiili; Telefon; Telefonnummer;
        Tel; Mobil; Mobiltelefon; Mobilnummer; Hemtelefon; Phone; Phone number; Telephone; Mobile; Mobile phone; Mobile
        number; Cell phone; phone""",
    "email": """Sähköposti; Sähköpostiosoite; Sähköposti 1; Sähköposti 2; S-posti; Sposti; Email-osoite; E-post; E-postadress;
        Epost; Email; E-mail; Email address; E-mail address; Mail; Meili; email""",
    "street_address": """Osoite; Postiosoite; Lähiosoite; Katuosoite; Jakeluosoite; Kotiosoite; Laskutusosoite; Osoite 1; Osoiterivi
        1; Postitusosoite; Adress; Postadress; Gatuadress; Näradress; Utdelningsadress; Hemadress; Address; Street address;
        Street; Mailing address; Postal address; Home address; street_address""",
    "postal_code": """Postinumero; Postinro; Postino; Pnro; P.nro; Postnummer; Postnr; Postal code; Postcode; Zip; Zip code;
        postal_code""",
    "post_office": """Postitoimipaikka; Ptp; Postitmp; P-toimipaikka; Postipaikka; Kaupunki; Paikkakunta; Toimipaikka; Postanstalt;
        Postort; Ort; Stad; Post office; City; Town; post_office""",
    "postal_line": """Postinumero ja postitoimipaikka; Postinumero ja -toimipaikka; Postinumero ja paikka; Postinro ja
        toimipaikka; Postinumero ja -paikka; Postnummer och postanstalt; Postnummer och ort; Postal code and city; Postal
        code and post office; Zip and city; postal_line""",
    "non_disclosure": """Turvakielto; Turvak.; Turvakielto (K/E); Turvakielto voimassa; Onko turvakielto; Turvakielto
        kyllä/ei; Spärrmarkering; Spärr; Spärrad; Sekretessmarkering; Non-disclosure; Non-disclosure order; Nondisclosure;
        Protected; Protected identity; Security ban; non_disclosure""",
    "language": """Kieli; Äidinkieli; Asiointikieli; Kielikoodi; Yhteyskieli; Språk; Modersmål; Ärendespråk; Kontaktspråk;
        Language; Mother tongue; Contact language; language""",
    IGNORED: """Sukupuoli; Kön; Sex; Gender; Kansalaisuus; Medborgarskap; Nationality; Citizenship; Siviilisääty; Civilstånd;
        Kutsumanimi; Tilltalsnamn; Nro; Rivi; Rivinumero; Rad; Row; Rownumber; Line""",
}

_RESIDENTS = {
    "building": """Rakennus; Talo; Rakennuksen nimi; Kiinteistö; Kohde; Byggnad; Byggnadens namn; Hus; Fastighet; Building;
        Building name; House; Property; building""",
    "building_code": """Rakennustunnus; Rakennuksen tunnus; Pysyvä rakennustunnus; VTJ-PRT; PRT; Rakennusnumero; Rakennuksen
        numero; Talonumero; Rakennus nro; Byggnadsbeteckning; Byggnadskod; Byggnadens beteckning; Permanent
        byggnadsbeteckning; Building code; Building ID; Permanent building ID; building_code""",
    "building_address": """Rakennuksen osoite; Talon osoite; Kohteen osoite; Kiinteistön osoite; Huoneiston osoite; Asunnon osoite;
        Byggnadens adress; Fastighetens adress; Lägenhetens adress; Building address; Property address; Apartment
        address; building_address""",
    "designation": """Huoneisto; Huoneistotunnus; Huoneiston tunnus; Huoneistonumero; Huoneiston numero; Huon.; Hto; Huon.tunnus;
        Huoneistokoodi; Porras ja huoneisto; Porras ja asunto; Porras/huoneisto; Porras/asunto; Porrashuone ja numero; Asunto; Asunto
        nro; Asunnon tunnus; Rappu ja asunto; Lägenhet; Lägenhetsbeteckning; Bostad; Lägenhetens beteckning; Trappa och
        lägenhet; Lgh; Apartment; Apt; Apt.; Flat; Unit; Dwelling; Apartment code; Designation; designation""",
    "staircase": """Porras; Rappu; Porraskirjain; Porrastunnus; Porrashuone; Kirjain; Trappa; Trapphus; Trappuppgång; Uppgång;
        Trappbokstav; Staircase; Stairwell; Stair; Entrance; Stairway; staircase""",
    "number": """Asuntonumero; Asunnon numero; Huoneistonro; Huoneisto nro; Huon.nro; Asuntonro; As.nro; As nro; Numero;
        Lägenhetsnummer; Lägenhetsnr; Bostadsnummer; Lgh nr; Nummer; Apartment number; Apartment no; Flat number; Unit
        number; Number; number""",
    "suffix": """Jakokirjain; Jako; Asunnon jakokirjain; Huoneiston jakokirjain; Delningsbokstav; Delbokstav; Suffix; Division
        letter; suffix""",
    "full_name": """Asukas; Asukkaat; Asukkaan nimi; Vuokralainen; Haltija; Asukas/omistaja; Boende; Invånare; Hyresgäst;
        Resident; Residents; Tenant; Occupant; Occupants""",
    "moved_in": """Muuttopäivä; Muuttopvm; Muutto pvm; Sisäänmuutto; Sisäänmuuttopäivä; Sisäänmuuttopvm; Sisäänmuutto pvm;
        Muuttanut; Tulopäivä; Tulopvm; Muuttanut sisään; Asumisen alku; Asunut alkaen; Alkupvm; Alkupäivä; Alkaen; Alkaa; alkamispvm;
        Alkamispäivä; Vakinaisen asumisen alku; Muuttopäivä sisään; Asumisen alkupvm; Asuu alkaen; Inflyttning;
        Inflyttningsdag; Inflyttningsdatum; Inflyttad; Flyttningsdag; Flyttdatum; Flyttade in; Från; Startdatum; Moved in;
        Move-in; Move-in date; Move in date; Moving date; Moving-in date; Start date; From; Since; moved_in""",
    "moved_out": """Poismuutto; Poismuuttopäivä; Poismuuttopvm; Poismuutto pvm; Lähtöpäivä; Lähtöpvm; Muuttanut pois; Muuttanut ulos;
        Ulosmuutto; Ulosmuuttopäivä; Muuttopäivä ulos; Muuttopäivä pois; Asumisen loppu; Asumisen loppupvm; Loppupvm; Loppupäivä; Päättyen;
        Päättyy; paattymispvm; Päättymispäivä; Utflyttning; Utflyttningsdag; Utflyttningsdatum; Utflyttad; Avflyttning; Flyttade
        ut; Till; Slutdatum; Moved out; Move-out; Move-out date; Move out date; Leaving date; Moving-out date; End date;
        To; Until; moved_out""",
    "role": """Rooli; Asukastyyppi; Asumismuoto; Asukaslaji; Hallintaperuste; Hallintamuoto; Asukasrooli; Suhde; Laji; Sidoksen laji;
        Tyyppi; Roll; Boendeform; Besittningsform; Boendetyp; Typ; Role; Type; Tenure; Resident type; Relation; role""",
    IGNORED: """Osakkeet; Osakenumerot; Pinta-ala; m2; Neliöt; Huoneluku; Kerros; Saldo; Viitenumero; Viite; Vastike; Vuokra;
        Vakuus; Avaimet; Henkilöluku; Asukasluku; Yta; Våning; Hyra; Floor; Area; Rooms; Rent; Balance""",
}

_SHARES = {
    "share_group_id": """Osakeryhmätunnus; osakeryhmatunnus; Osakeryhmän tunnus; Osakeryhmä ID; Aktiegruppsbeteckning;
        Aktiegruppens beteckning; Aktiegrupp ID; Share group ID; Share group code; share_group_id""",
    "share_group_name": """Osakeryhmä; Osakeryhmän nimi; osakeryhmanimi; osakeryhmannimi; Ryhmä; Aktiegrupp; Aktiegruppens namn; Share
        group; Share group name; share_group_name""",
    "designation": """Huoneisto; Huoneistotunnus; Huoneiston tunnus; Huoneistonumero; Huoneiston numero; Huon.; Hto; Asunto;
        Hallintakohde; Hallintakohteen tunnus; Huoneiston nro; Tila; Lägenhet; Lägenhetsbeteckning; Lägenhetsnummer; Bostad; Lgh;
        Besittningsobjekt; Apartment; Apt; Flat; Unit; Designation; designation""",
    "ranges": """Osakkeet; Osakenumerot; Osakenrot; Osakenro; Osakenumero; Osakesarja; osakesarjat; Osakesarjat; Osakkeiden numerot;
        Osakkeet nro; Osakkeet numerot; Osakkeet n:o; Os.nrot; Osakevälit; Aktier; Aktienummer; Aktienumren; Aktieserie; Aktieserier; Aktier nr; Aktiernas
        nummer; Shares; Share numbers; Share number range; Share numbers (ranges); Share range; Share ranges; ranges""",
    "range_start": """Alkunumero; Alkunro; Osakkeet alku; Osakkeet alkaen; Osakenumero alku; Ensimmäinen osake; Osakenro alku; Alkaen nro;
        Osakkeesta; Startnummer; Begynnelsenummer; Aktier från; Första aktie; Från nummer; Första nummer; First share; Start
        number; Shares from; Share from; First number; range_start""",
    "range_end": """Loppunumero; Loppunro; Osakkeet loppu; Osakkeet päättyen; Osakenumero loppu; Viimeinen osake; Osakenro loppu;
        Päättyen nro; Osakkeeseen; Slutnummer; Aktier till; Sista aktie; Till nummer; Sista nummer; Last share; End number; Shares to;
        Share to; Last number; range_end""",
    "share_count": """Osakemäärä; Osakkeita; Osakkeiden lukumäärä; Osakkeiden määrä; Osakkeita kpl; Osakkeet kpl; osakkeidenLkm; Osakelkm; Lukumäärä;
        Kpl; lkm; Os.lkm; Antal aktier; Aktieantal; Antal; Number of shares; Share count; Shares total; Count;
        share_count""",
    "full_name": """Omistaja; Omistajat; Omistajan nimi; Osakas; Osakkaat; Osakkaan nimi; Osakkeenomistaja;
        Osakkeenomistajan nimi; Ägare; Ägarens namn; Aktieägare; Aktieägarens namn; Delägare; Owner; Owner name; Owners; Shareholder;
        Shareholder name""",
    "fraction": """Omistusosuus; Osuus; Omistus; Määräosa; Omistusosuus %; Omistusosuus (osa); Ägarandel; Andel; Ägd andel; Ägandeandel;
        Fraction; Share of ownership; Ownership share; Ownership; fraction""",
    "numerator": """omistusosuusOsoittaja; Osoittaja; Omistusosuuden osoittaja; Osuuden osoittaja; Täljare; Andelens täljare;
        Numerator; numerator""",
    "denominator": """omistusosuusNimittaja; Nimittäjä; Omistusosuuden nimittäjä; Osuuden nimittäjä; Nämnare; Andelens nämnare;
        Denominator; denominator""",
    "owned_from": """alkamispvm; Alkamispäivä; Omistus alkaen; Omistuksen alku; Omistettu alkaen; Alkupvm; Alkupäivä; Alkaen; Saantopäivä;
        Saantopvm; Hankintapäivä; Hankintapvm; Omistusoikeuden alkamispäivä; Merkintäpäivä; Omistajaksi; Omistus alkanut; Omistanut alkaen; Från;
        Ägare från; Ägt sedan; Förvärvsdag; Startdatum; Fångesdatum; Anteckningsdag; From; Owned from; Owner since;
        Acquired; Acquisition date; Start date; Since; owned_from""",
    "owned_to": """paattymispvm; Päättymispäivä; Omistus päättynyt; Omistuksen loppu; Omistus päättyen; Loppupvm; Loppupäivä;
        Päättyen; Luovutuspäivä; Luovutuspvm; Omistus asti; Till; Ägare till; Slutdatum; Överlåtelsedag; To; Owned to; Until; End date; Sold;
        Disposal date; owned_to""",
    IGNORED: """luovutuskielto; Luovutuskielto; Panttaus; Rajoitukset; Kotipaikka; Kotikunta; Ääniä; Äänet; Pinta-ala; m2; Huoneluku;
        Kerros; Hemort; Hemkommun; Röster; Votes; Restrictions; Pledged; Maksettu; Vastikeperuste; Osakelaji; Tyyppi; Laji""",
}

# "Asukkaan sukunimi" is "Sukunimi" in a resident list; "Omistajan sukunimi" there is somebody else's.
_WHOSE = {
    Kind.RESIDENTS: """asukkaan asukas henkilon hlon vuokralaisen haltijan boendes boendens invanarens hyresgastens personens
        residents resident tenants tenant occupants persons""".split(),
    Kind.SHARES: """osakkaan osakkeenomistajan omistajan omistaja henkilon hlon agarens aktieagarens delagarens personens
        shareholders shareholder owners owner persons""".split(),
}
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def letters_and_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def normal(title: str) -> str:
    """As titles are compared: what stands in parentheses says only how to write ("Turvakielto (K/E)")."""
    return letters_and_digits(_PARENTHESES.sub(" ", title)) or letters_and_digits(title)


def _table(*groups: dict[str, str]) -> dict[str, str]:
    return {
        key: field
        for group in groups
        for field, titles in group.items()
        for title in titles.split(";")
        if (key := normal(title))
    }


FIELD_OF_TITLE = {Kind.RESIDENTS: _table(_BOTH, _RESIDENTS), Kind.SHARES: _table(_BOTH, _SHARES)}
FIELDS = {
    kind: tuple(dict.fromkeys(field for field in table.values() if field != IGNORED))
    for kind, table in FIELD_OF_TITLE.items()
}


def field_of(title: str, kind: Kind) -> str | None:
    key, table = normal(title), FIELD_OF_TITLE[kind]
    if key in table:
        return table[key]
    for word in _WHOSE[kind]:
        if key.startswith(word) and key[len(word) :] in table:
            return table[key[len(word) :]]
    return None
