"""A citation is read in the reader's language, and stored as it was written."""

import time
import tomllib
from pathlib import Path

import pytest
from django.utils import translation

from consent.citations import cited
from retention.explain import standing

DEBT = "Laki velan vanhentumisesta 728/2003 4, 10, 13 ja 13 a §; kirjanpitolaki 1336/1997 2:10 §"
SALES = "GDPR Art. 6(1)(a), 7; laki sähköisen viestinnän palveluista 917/2014 200, 202 ja 203 §"
READ = [
    ("Laki velan vanhentumisesta 728/2003 4 §", "sv", "Lagen om preskription av skulder 728/2003 4 §"),
    ("Laki velan vanhentumisesta 728/2003 4 §", "en", "Act on the limitation of debt 728/2003 s. 4"),
    (DEBT, "sv", "Lagen om preskription av skulder 728/2003 4, 10, 13 och 13 a §; bokföringslagen 1336/1997 2:10 §"),
    (DEBT, "en", "Act on the limitation of debt 728/2003 s. 4, 10, 13 and 13 a; Accounting Act 1336/1997 s. 2:10"),
    ("Kirjanpitolaki 1336/1997 2:10 § 2 mom.", "sv", "Bokföringslagen 1336/1997 2:10 § 2 mom."),
    ("Kirjanpitolaki 1336/1997 2:10 § 2 mom.", "en", "Accounting Act 1336/1997 s. 2:10 subsection 2"),
    ("Laki 1329/2018 11 §; aiempi asunto-osakeyhtiölaki 2:14–15", "sv",
     "Lag 1329/2018 11 §; den tidigare lagen om bostadsaktiebolag 2:14–15"),
    ("Laki 1329/2018 11 §; aiempi asunto-osakeyhtiölaki 2:14–15", "en",
     "Act 1329/2018 s. 11; former Housing Companies Act 2:14–15"),
    ("Asunto-osakeyhtiölaki 1599/2009 6:20–21 §", "en", "Housing Companies Act 1599/2009 s. 6:20–21"),
    ("GDPR Art. 6(1)(f); tietosuojalaki 1050/2018 29 § 2 mom.", "sv",
     "artikel 6.1 f i dataskyddsförordningen; dataskyddslagen 1050/2018 29 § 2 mom."),
    (SALES, "en", "GDPR Art. 6(1)(a), 7; Act on Electronic Communications Services 917/2014 s. 200, 202 and 203"),
    ("GDPR 5(1)(e)", "fi", "tietosuoja-asetuksen 5 artiklan 1 kohdan e alakohta"),
    ("GDPR 5(1)(e)", "sv", "artikel 5.1 e i dataskyddsförordningen"),
    ("GDPR Art. 6(1)(f), 21(2)–(3)", "fi",
     "tietosuoja-asetuksen 6 artiklan 1 kohdan f alakohta, 21 artiklan 2–3 kohta"),
    ("GDPR Art. 6(1)(f), 21(2)–(3)", "sv", "artiklarna 6.1 f, 21.2–3 i dataskyddsförordningen"),
    ("GDPR Art. 6(1)(f), 21(2)–(3)", "en", "GDPR Art. 6(1)(f), 21(2)–(3)"),
    ("GDPR Art. 6(1)(c), 1050/2018 29 §", "fi", "tietosuoja-asetuksen 6 artiklan 1 kohdan c alakohta, 1050/2018 29 §"),
    ("GDPR Art. 15–22", "fi", "tietosuoja-asetuksen 15–22 artikla"),
    ("GDPR Art. 15–22", "sv", "artiklarna 15–22 i dataskyddsförordningen"),
    ("GDPR Art. 6(1)(a)–(f)", "fi", "GDPR Art. 6(1)(a)–(f)"),
    ("GDPR Art. 6(1)(c) ja (e)", "fi", "GDPR Art. 6(1)(c) ja (e)"),
    ("GDPR 1050/2018", "fi", "GDPR 1050/2018"),
    ("GDPR 5(2), 15, 19", "fi", "tietosuoja-asetuksen 5 artiklan 2 kohta, 15 artikla, 19 artikla"),
    ("GDPR 5(1)(e)", "en", "GDPR Art. 5(1)(e)"),
    (DEBT, "fi", DEBT),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "says"), READ)
def test_a_shipped_statute_is_named_in_the_readers_language(text, language, says):
    with translation.override(language):
        assert cited(text) == says
        assert cited(cited(text)) == says


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    "text", ["", "EDPB Guidelines 3/2019, para 121", "Hallituksen päätös 3/2026", "Lakimiehen lausunto 1.2.2026"]
)
def test_what_is_no_shipped_statute_stays_as_it_was_written(language, text):
    with translation.override(language):
        assert cited(text) == text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_shipped_citation_reaches_another_language_in_finnish(language):
    shipped = [text for path in Path().glob("*/defaults/*.toml") for text in citations(tomllib.loads(path.read_text()))]
    assert len(shipped) > 50
    with translation.override(language):
        for text in shipped:
            assert not {"laki", "ja", "aiempi"} & set(cited(text).lower().split()), cited(text)


def citations(found) -> list[str]:
    if isinstance(found, list):
        return [text for one in found for text in citations(one)]
    if not isinstance(found, dict):
        return []
    here = [value for name, value in found.items() if "citation" in name and isinstance(value, str)]
    return here + [text for value in found.values() for text in citations(value)]


def test_a_rule_stands_by_its_source_in_the_readers_language():
    with translation.override("sv"):
        assert standing("Tietosuojalaki 1050/2018 29 §", "D").startswith("Dataskyddslagen 1050/2018 29 §, ")


@pytest.mark.parametrize("numbers", ["1" * 200, "1 a" * 70, "1, " * 70])
def test_what_only_begins_like_a_citation_is_read_at_once(numbers):
    text = f"Act 1/2018 {numbers}"
    with translation.override("en"):
        before = time.perf_counter()
        assert cited(text) == text
        assert time.perf_counter() - before < 1
