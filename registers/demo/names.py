"""Invented people's names. Surnames are put together from syllables: a million people don't share a hundred names."""

import unicodedata
from random import Random

COMMON = """Virtanen Korhonen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen
Saarinen Salminen Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Salo Laitinen Tuominen Rantanen Karjalainen
Jokinen Mattila Savolainen Lahtinen Ahonen Leppänen Väisänen Johansson Karlsson Lindholm Nyman""".split()
STEMS = """aho ala alho arvo autio haapa haka halla hanka harju hauta heina helle hieta hirvi hongi hopea huhta humala
ilma iso jalka jauho joki juuri jylhä järvi kaarna kallio kalma kangas kanto karhu karva kaski katava kaura keihäs kelo
kemppi kesti keto kettu kiiski kilpi kirves kivi koivu koli korpi koski kotka kuha kulma kumpu kuokka kurki kuusi kylmä
kytö käki kärki lahti lampi latva lehmus lehto leimu leppä liina linna lohi loimu louhi luhta lumi lumme luoto maja
malmi marja matara metsä mies mustika myllä myrsky mänty mäyrä naava nalli neva niini niitty nokka notko nuoli nurmi
näätä ohra oja orava otso paja palo parta pato pelto peura pihlaja piha pilvi poro puisto pulka puna puro pyökki päivä
pähkä raita raivio ranta rasti raunio reiska repo riihi riista rinta ruis ruska ruoho ruso räme saari salmi salo sammal
sarka savi selkä seppä sieni silta sini sorsa suo susi suvi syrjä säde taika talvi tammi taro tervo tiira tikka toivo
torni tuisku tuli tuohi turva tuuli tyyni tähkä uhtua ulappa usva uusi vaahtera vaara vaini valka valli vanha varpu
vartio vasara vesa veto viher viita vilja vinka virta vuori vuoksi väylä väli ylä ympyrä öljy""".split()
ENDINGS = """mäki niemi koski järvi vaara salo lampi harju ranta maa saari lahti oja pää kangas kallio suo perä korpi
kari luoto selkä aho kivi metsä pelto nurmi puro joki silta""".split()
MIDDLES = ("", "", "", "la", "na", "ra", "ko", "kka", "li", "sta")
SWEDISH_STEMS = """Alm Ahl As Back Berg Björk Blom Boman Brand Bro Dahl Ek Eng Falk Fager Forss Fors Frej Fri Glad Glans
Gran Grön Gull Hag Ham Hede Hell Holm Häger Hög Käll Kron Kull Lager Land Lilje Lind Ljung Lund Löf Malm Mo Molin Nor Norr
Ny Näs Ost Palm Ramn Ren Ros Rund Rönn Sand Sjö Skog Sten Stor Strand Ström Stål Sund Sved Söder Tall Torn Val Vester
Vik Wester Wik Åker Ång Ås Öhr Öst Öster""".split()
SWEDISH_ENDINGS = "berg blad bom by dahl fors gren holm kvist lund man mark qvist roos sjö skog stedt strand ström vall".split()
FOREIGN = {
    "en": """Nguyen Tran Pham Hussein Ahmed Mohamed Ali Hassan Abdi Warsame Ibrahim Khan Sharma Patel Singh Gurung Thapa Chen
Wang Zhang Li Garcia Fernandez Silva Santos Schmidt Müller Weber Rossi Bianchi Kowalski Nowak Wiśniewska Popescu Ionescu
Kovács Nagy Yılmaz Demir Haddad Karimi Rahimi Okafor Adeyemi Mensah Diallo Smith O'Brien Jansen""".split(),
    "fi": """Ivanov Petrov Smirnova Kuznetsov Volkov Sokolova Morozov Lebedeva Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves
Koppel Kuusk Kalda Bērziņš Kalniņa Petrauskas Shevchenko Kovalenko Bondarenko""".split(),
}
FIRST = {
    "fi": """Aada Aarne Aatu Aino Aki Aku Anja Anne Anneli Anni Antero Antti Anu Arja Armas Arto Arttu Asko Aulis Eero Eeva Eila
Eino Elias Elina Elli Ellen Emilia Enni Eppu Erja Esa Essi Eveliina Hanna Hannele Hannu Harri Heidi Heikki Heini Helena
Heli Helmi Henna Hilja Iida Iiris Ilari Ilkka Ilmari Inka Inkeri Irja Isto Jaakko Jaana Jani Janne Jari Jarmo Jenni Jere
Jessica Joel Johanna Joni Jorma Jouni Juha Juhani Juho Jukka Jussi Juuso Kaarina Kaija Kaisa Kalervo Kalevi Kalle Kari
Katja Katri Kauko Kerttu Kimmo Kirsi Kristiina Laura Lauri Leena Leevi Liisa Lotta Maarit Maija Marjatta Markku Markus
Martti Matias Matti Mauri Merja Mervi Miika Mika Mikko Milla Minna Mirja Mirva Netta Niilo Niina Noora Nooa Olavi Olli
Onni Oona Oskari Osmo Outi Paavo Paula Pekka Pentti Pertti Petri Pia Piia Pirjo Pirkko Päivi Raija Raili Raimo Reijo
Riikka Riina Risto Ritva Roosa Saana Saara Sakari Salla Sami Sampo Sanna Santeri Sari Satu Seija Seppo Senja Simo Sini
Sirpa Sofia Sointu Suvi Taina Taisto Tapani Tapio Tarja Teemu Teija Terhi Tero Terttu Tiina Timo Toivo Tommi Toni Topi
Tuomas Tuomo Tuula Tuulikki Tyyne Ulla Urho Vappu Veera Veikko Venla Vesa Viivi Vilho Ville Vilma Voitto Väinö Yrjö""".split(),
    "sv": """Agneta Alf Anders Anna-Lisa Anton Astrid Axel Barbro Benita Bengt Birgitta Bo Bror Carola Christer Ebba Edvin Elof
Emil Erik Eva Filip Fredrik Göran Gun-Britt Gunilla Gustav Hedvig Helge Henrik Hjalmar Ingmar Isak Johan Jonas Karin Kenneth
Kerstin Kristoffer Lars Lisbeth Magnus Maj-Len Majken Margareta Mats Mikaela Märta Nils Olof Oskar Per-Erik Pernilla Ralf
Rasmus Rolf Rurik Sebastian Selma Siv Sixten Solveig Sten Stig Sven Tage Torsten Ulrika Viking Viveca Åke Åsa Örjan""".split(),
    "en": """Abdullah Adam Aisha Alejandro Amina Ana Andrei Anh Anita Arjun Ayaan Beatriz Carlos Chidi David Deepa Dmitri Elena
Fadumo Fatima George Grace Hamza Hiroshi Hodan Igor Ines Irina Ivan James Jasmin João Jun Karim Katarzyna Khadra Kofi
Leila Linh Maria Mahmoud Mei Mehmet Minh Mohamed Nadia Natalia Noor Olga Omar Oksana Peter Priya Rahul Rasa Reza Roxana
Samuel Sergei Sunita Svetlana Thomas Tomasz Viktor Wei Xin Yasmin Yusuf Zahra Zainab""".split(),
}  # fmt: skip


def surname(random: Random, language: str) -> str:
    chance = random.random()
    if language == "sv":
        return random.choice(SWEDISH_STEMS) + random.choice(SWEDISH_ENDINGS)
    if language == "en":
        return random.choice(FOREIGN["en"])
    if chance < 0.10:
        return random.choice(COMMON)
    if chance < 0.12:
        return random.choice(FOREIGN["fi"])
    stem = random.choice(STEMS)
    back = any(letter in "aou" for letter in stem)
    if chance < 0.55:
        return (stem + random.choice(MIDDLES) + random.choice(("nen", "nen", "la" if back else "lä"))).capitalize()
    if chance < 0.60:
        return f"{stem.capitalize()}-{random.choice(COMMON)}"
    return (stem + random.choice(ENDINGS)).capitalize()


def first_names(random: Random, language: str) -> str:
    count = 1 if language == "en" else random.choice((1, 2, 2, 2, 3))
    return " ".join(random.sample(FIRST[language], count))


def ascii_letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isalpha()) or "nimi"
