"""The nodes of the graph that the record is in JSON-LD: each is put once, and referred to from then on."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.text import slugify

from accounts.classification import Category
from consent.notices.facts import Facts
from consent.records.dpv_words import LEGAL_BASES, PERSONAL_DATA, SUBJECTS, TRANSFERS, purpose_term
from consent.texts import LANGUAGES
from consent.words import RecipientClass, SubjectClass

Node = dict[str, Any]


class Graph:
    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def put(self, key: str, *kinds: str, **says: Any) -> Node:
        """Gives a reference. Who is put twice, as controller and as processor, is both."""
        name = f"urn:fluxio:{key}"
        said = {term: value for term, value in says.items() if value}
        node = self.nodes.setdefault(name, {"@id": name, "@type": []} | said)
        node["@type"] = list(dict.fromkeys([*node["@type"], *kinds]))
        return {"@id": name}

    def party(self, kind: str, who: Facts, dpo: Facts) -> Node:
        own = who["business_id"]
        officer = []
        if dpo["name"]:
            officer = [
                self.put(f"{own}:dpo", "dpv:DataProtectionOfficer", **_reach(dpo["name"], dpo["email"], dpo["phone"]))
            ]
        said = _reach(who["name"], who["contact_email"], who["contact_phone"]) | {
            "dpv:hasIdentifier": own,
            "dpv:hasAddress": " ".join(filter(None, (who["street_address"], who["postal_code"], who["post_office"]))),
            "dpv:hasDataProtectionOfficer": officer,
        }
        return self.put(f"{own}:party", kind, **said)

    def purpose(self, own: str, purpose: Facts) -> Node:
        term = purpose_term(purpose["code"], is_marketing=purpose.get("is_marketing", False))
        said = {"label": purpose["name"], "description": purpose.get("description")}
        return self.put(f"{own}:{purpose['code']}:purpose", "dpv:Purpose", term, **said)

    def bases(self, key: str, purpose: Facts) -> list[Node]:
        return [
            self.put(
                f"{key}:basis-{number}",
                "dpv:LegalBasis",
                LEGAL_BASES[basis["article"]],
                **{"description": basis["note"], "dct:source": basis["citation"]},
            )
            for number, basis in enumerate(purpose["bases"], 1)
        ]

    def data(self, categories: Iterable[str]) -> list[Node]:
        return [
            self.put(
                f"data:{category}",
                "dpv:PersonalData",
                PERSONAL_DATA.get(category, "dpv:PersonalData"),
                label=_label(Category(category)),
            )
            for category in categories
        ]

    def subjects(self, subjects: Iterable[str]) -> list[Node]:
        return [
            self.put(
                f"subject:{subject}",
                "dpv:DataSubject",
                SUBJECTS.get(subject, "dpv:DataSubject"),
                label=_label(SubjectClass(subject)),
            )
            for subject in subjects
        ]

    def recipients(self, own: str, purpose: Facts) -> list[Node]:
        found = [
            self.put(f"recipient:{name}", "dpv:Recipient", label=_label(RecipientClass(name)))
            for name in purpose["recipients"]
        ]
        for row in purpose["named"]:
            kind = "dpv:DataProcessor" if row["role"] == "processor" else "dpv:DataController"
            found.append(self.place(f"{own}:{row['class']}", kind, row))
            within = f"{own}:{row['class']}:{slugify(row['name'])}"
            found += [self.place(within, "dpv:DataSubProcessor", sub) for sub in row["sub_processors"]]
        return found

    def place(self, key: str, kind: str, place: Facts) -> Node:
        """A recipient by name, where its data lie, and on what a transfer there rests."""
        basis = TRANSFERS.get(place["transfer"])
        said = {
            "dpv:hasName": place["name"],
            "dpv:hasCountry": [{"@id": f"loc:{place['country']}"}],
            "dpv:hasLegalBasis": [{"@id": basis}] if basis else [],
            "dct:source": place["safeguards"],
        }
        return self.put(f"{key}:{slugify(place['name'])}", "dpv:Recipient", kind, **said)

    def storage(self, key: str, purpose: Facts) -> Node:
        said = {"description": purpose["kept_until"], "dct:source": purpose["kept_citation"]}
        return self.put(f"{key}:storage", "dpv:StorageCondition", "dpv:StorageDuration", **said)

    def measures(self, own: str, security: dict[str, str]) -> list[Node]:
        if not security:
            return []
        return [self.put(f"{own}:measures", "dpv:TechnicalOrganisationalMeasure", description=security)]


def _reach(name: str, email: str, phone: str) -> Node:
    return {"dpv:hasName": name, "dpv:hasContact": [way for way in (email, phone) if way]}


def _label(choice: Any) -> dict[str, str]:
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[code] = str(choice.label)
    return texts
