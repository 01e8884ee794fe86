"""Letters of a case: the shipped or the office's own text of each step, filled in for one request.

A text has places in braces, `{name}`; which ones a letter knows stands here, and nothing else is filled in.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.services.letters import signature
from consent.texts import LANGUAGES
from registers.dates import day
from registers.fields import Sealed
from registers.models import Controller
from rights.models import LetterTemplate, SubjectRequest
from rights.words import Ground, Whom

DEFAULTS = Path(__file__).parent / "defaults" / "letters.toml"
PLACE = re.compile(r"\{([^{}]*)\}")
GAP = re.compile(r"\n{3,}")
# What any letter may name, and what it stands for.
PLACES = {
    "name": gettext_lazy("the person's name, as given in the request"),
    "reference": gettext_lazy("the reference of the request"),
    "right": gettext_lazy("what was asked for"),
    "received": gettext_lazy("the day of receipt"),
    "due": gettext_lazy("the day by which we answer"),
    "extended_due": gettext_lazy("the day by which we answer when the time is extended"),
    "details": gettext_lazy("what was done, point by point; where it is handled"),
    "grounds": gettext_lazy("the grounds of a refusal"),
    "waiting": gettext_lazy("that the time stands still, if it does, and what follows if no answer comes"),
    "remedies": gettext_lazy("how to complain and to go to court"),
    "office": gettext_lazy("the sender, with contact details"),
}
LETTERS = {
    "received": gettext_lazy("Receipt of the request"),
    "identity": gettext_lazy("More is needed to identify"),
    "extension": gettext_lazy("The time is extended"),
    "answer": gettext_lazy("The request is fulfilled"),
    "partly": gettext_lazy("The request is fulfilled in part"),
    "refusal": gettext_lazy("The request is refused"),
    "nothing": gettext_lazy("We hold no data"),
    "nothing_other": gettext_lazy("We hold no data, asked for somebody else"),
    "restricted": gettext_lazy("The processing is restricted"),
    "restricted_other": gettext_lazy("The processing is restricted, asked for somebody else"),
    "lifting": gettext_lazy("The restriction will be lifted"),
    "duplicate": gettext_lazy("The request is handled in another one"),
    "withdrawn": gettext_lazy("The request is withdrawn"),
    "lifting_other": gettext_lazy("The restriction will be lifted, asked for somebody else"),
    "message": gettext_lazy("Message"),
}
# What a letter must not lack, whoever writes it (GDPR Art. 12(3), 12(4)).
NEEDED = {
    "identity": ("details", "waiting"),
    "extension": ("extended_due", "details"),
    "partly": ("grounds", "remedies"),
    "refusal": ("grounds", "remedies"),
    "nothing": ("details", "remedies"),
    "duplicate": ("details",),
    "nothing_other": ("remedies",),
}


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


@cache
def _shipped() -> dict[str, dict[str, dict[str, str]]]:
    with DEFAULTS.open("rb") as file:
        return tomllib.load(file)


def shipped(code: str) -> tuple[dict[str, str], dict[str, str]]:
    """(subject, text), each by language."""
    says = _shipped()[code]
    return {c: says[c]["subject"] for c in LANGUAGES}, {c: says[c]["text"].strip() for c in LANGUAGES}


def template_of(code: str) -> tuple[dict[str, str], dict[str, str]]:
    """The office's newest version, or what is shipped."""
    own = LetterTemplate.objects.filter(code=code).order_by("-number").first()
    return (own.subject, own.text) if own else shipped(code)


def check_template(code: str, subject: Mapping[str, str], text: Mapping[str, str]) -> None:
    """Raises ValidationError for a place that nobody fills, or a text without what the law asks for."""
    for language in LANGUAGES:
        names = set(PLACE.findall(text[language]))
        unknown = sorted((names | set(PLACE.findall(subject[language]))) - set(PLACES))
        if unknown:
            says = _("Nothing is known for {%(name)s} (%(language)s): use the places of the list.")
            raise ValidationError({"text": says % {"name": unknown[0], "language": language}})
        missing = [name for name in NEEDED.get(code, ()) if name not in names]
        if missing:
            says = _("The text must contain {%(name)s} (%(language)s): %(what)s.")
            what = {"name": missing[0], "language": language, "what": PLACES[missing[0]]}
            raise ValidationError({"text": says % what})


def letter_for(request: SubjectRequest, code: str, *, details: str = "", grounds: tuple[str, ...] = ()) -> Letter:
    """The letter in the language of the request, as it stands before the office changes it.

    Where somebody asked for another person, by the text that speaks of that person, if there is one.
    """
    other = f"{code}_other"
    subject, text = template_of(other if request.whom != Whom.SELF and other in LETTERS else code)
    language = request.language
    with translation.override(language):
        facts = _facts(request, details, grounds)
    facts["waiting"] = "{waiting}" if code == "identity" else ""  # until it is ticked whether the time stands still
    filled = _filled(text[language], facts).strip()
    if code != "message":  # whose middle waits to be written
        filled = GAP.sub("\n\n", filled)  # where nothing was filled in
    return Letter(_filled(subject[language], facts), filled)


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """Once, so that braces in what a person wrote stay what they are."""
    return PLACE.sub(lambda found: facts.get(found[1], found[0]), text)


def _facts(request: SubjectRequest, details: str, grounds: tuple[str, ...]) -> dict[str, str]:
    office = Controller.objects.filter(housing_company=None).first()
    return {
        "name": cast(Sealed, request.name).reveal() if request.name else "",
        "reference": request.reference,
        "right": request.right_name,
        "received": day(request.received_on),
        "due": day(request.due_on),
        "extended_due": day(request.extended_due_on),
        "details": details,
        "grounds": "\n".join(f"- {Ground(ground).label}" for ground in grounds),
        "remedies": " ".join([*([barred()] if Ground.NATIONAL in grounds else []), remedies()]),
        "office": signature(office) if office else "",
    }


def waiting(*, stands_still: bool) -> str:
    """What the question about the identity does to the time, and what follows without an answer."""
    follows = _(
        "If we get no answer, we cannot carry out the request, and close it. You can ask again whenever you like."
    )
    if not stands_still:
        return follows
    return f"{_('Until we have your answer, the time within which we answer your request stands still.')} {follows}"


def new_date(case: SubjectRequest) -> str:
    """What is told when the dates of before were counted from a wrong day of receipt."""
    says = _(
        "Your request reached us on %(received)s. We answer it by %(due)s at the latest: this date takes the place of"
        " the one that we told you before."
    )
    due = case.extended_due_on if case.extended_at else case.due_on
    if due < timezone.localdate():
        late = _("Your request reached us on %(received)s. Our time to answer it has run out: we answer without delay.")
        return late % {"received": day(case.received_on)}
    return says % {"received": day(case.received_on), "due": day(due)}


def barred() -> str:
    """Data Protection Act 1050/2018 s. 34: what is kept back goes to the Ombudsman at the person's request."""
    return _(
        "Where only a part of the data is kept back under section 34 of the Data Protection Act (1050/2018), the rest"
        " is given to you. At your request the information of GDPR Art. 15(1) that is kept back is given to the Data"
        " Protection Ombudsman (section 34(4))."
    )


def remedies() -> str:
    """GDPR Art. 12(4), 77, 79: the supervisory authority and the courts."""
    return _(
        "You may lodge a complaint with the Data Protection Ombudsman (tietosuoja.fi, tietosuoja@om.fi,"
        " PO Box 800, 00531 Helsinki), and you may bring the matter before a court."
    )
