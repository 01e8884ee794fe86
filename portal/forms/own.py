"""What a signed-in person fills in: who they are and how they are reached is known."""

from typing import Any

from django.utils.translation import gettext as _

from registers.models import Person
from rights.forms.asking import CORRECTION, AskForm
from rights.services.filing import Asked
from rights.services.fulfilling import REMOVABLE
from rights.services.receiving import Details
from rights.words import AnswerBy, Right, Whom


class OwnAskForm(AskForm):
    def __init__(self, *args: Any, right: Right, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, right=right, **kwargs)
        self.person = person
        for name in ("whom", "about_name", "home"):
            del self.fields[name]
        if "no_marketing" in self.fields:  # who they are is known
            self.fields["no_marketing"].help_text = _(
                "It ends at once, and you need give no reason. To object to other uses, tell us about them below."
            )
        if not person.email:
            del self.fields["answer_by"].choices[0]  # type: ignore[attr-defined]
        self.fields["address"].initial = " ".join(
            filter(None, (person.street_address, person.postal_code, person.post_office, person.country))
        )
        for name, field in self.fields.items():
            if name.startswith(CORRECTION):
                field.initial = getattr(person, name.removeprefix(CORRECTION))

    def corrections(self) -> dict[str, str]:
        """What differs from the register: the fields came filled in from it. "" where one was emptied."""
        wanted = super().corrections() | {name: "" for name in self._emptied() if name in REMOVABLE}
        return {name: value for name, value in wanted.items() if value != self._now(name)}

    def _emptied(self) -> list[str]:
        """What came empty from a form that showed it."""
        names = [name for name in self.fields if name.startswith(CORRECTION)]
        sent = [name for name in names if name in self.data and not self.cleaned_data.get(name, True)]
        return [name.removeprefix(CORRECTION) for name in sent]

    def _now(self, name: str) -> str:
        value = getattr(self.person, name)
        return value.isoformat() if hasattr(value, "isoformat") else str(value or "")

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        for name in self._emptied():
            if name not in REMOVABLE and self._now(name):
                self.add_error(CORRECTION + name, _("This cannot be removed: write what it should be."))
        facts.setdefault("answer_by", AnswerBy.PAPER)
        facts["whom"] = Whom.SELF
        return facts

    def asked(self) -> Asked:
        facts = self.cleaned_data
        return Asked(
            self.right,
            self.details(),
            answer_by=facts["answer_by"],
            files=facts["attachments"],
            no_marketing=facts.get("no_marketing", False),
        )

    def details(self) -> Details:
        facts, person = self.cleaned_data, self.person
        name = f"{person.first_names} {person.last_name}".strip()
        known = {"name": name, "email": person.email, "phone": person.phone}
        address = facts["address"] if facts["answer_by"] == AnswerBy.PAPER else ""  # needed for that alone
        return Details(**known, address=address, message=facts["message"], corrections=self.corrections())
