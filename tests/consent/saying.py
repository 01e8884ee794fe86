"""What tests say about purposes and consents over and over."""

from dataclasses import replace

from accounts.acting import Program
from consent.queries.purposes import version_of
from consent.services.consents import record_consent, withdraw_consent
from consent.services.purposes import Says, SaysBasis, change_purpose, says_of

BY = Program("tests")
HI = {"fi": "Hei", "sv": "Hej", "en": "Hi"}


def texts(word: str) -> dict[str, str]:
    return {"fi": f"{word} (fi)", "sv": f"{word} (sv)", "en": f"{word} (en)"}


def basis(article: str = "b", **facts) -> SaysBasis:
    return SaysBasis(article=article, **facts)


def says(**facts) -> Says:
    plain = {
        "name": texts("Parking"),
        "description": texts("Parking places are let"),
        "categories": ["identity", "contact"],
        "subjects": ["resident"],
        "sources": ["phone"],
        "kept_until": texts("a year"),
        "provision": texts("required"),
        "bases": [basis()],
    }
    return Says(**plain | facts)


def changed(purpose, *, reason="for a test", by=BY, **facts):
    """The purpose's next version, with these facts changed."""
    return change_purpose(purpose=purpose, says=replace(says_of(version_of(purpose)), **facts), reason=reason, by=by)


def consents(person, purpose, *channels, by=BY, **facts):
    plain = {"language": "fi", "means": "phone", "evidence": "phone call"}
    return record_consent(person=person, purpose=purpose, channels=channels or ["email"], by=by, **plain | facts)


def withdraws(person, purpose, by=BY):
    return withdraw_consent(person=person, purpose=purpose, means="phone", by=by)
