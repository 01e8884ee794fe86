"""What a company's page of the portal leads to. Later registers (arrears, announcements) register themselves here."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mandates import DOCUMENTS, MOVES, NOTICES, OWNERS, RESIDENTS, SEARCH


@dataclass(frozen=True)
class Section:
    code: str  # as in `mandates.MAY`
    order: int
    address: str  # the name of its page, which takes the company's key
    title: Any
    says: Any


_sections: dict[str, Section] = {}


def register_section(code: str, order: int, address: str, title: Any, says: Any) -> None:
    _sections[code] = Section(code, order, address, title, says)


def sections_for(may: frozenset[str]) -> list[Section]:
    return sorted((s for s in _sections.values() if s.code in may), key=lambda s: s.order)


register_section(RESIDENTS, 10, "portal_residents", _("Residents"), _("By staircase and apartment"))
register_section(OWNERS, 20, "portal_owners", _("Share register"), _("Share groups and their owners"))
register_section(MOVES, 30, "portal_moves", _("Moves of the last year"), _("Who has moved in and out"))
register_section(SEARCH, 40, "portal_search", _("Search"), _("By name or apartment"))
register_section(DOCUMENTS, 50, "portal_documents", _("Documents"), _("Lists that were made for you"))
register_section(NOTICES, 60, "portal_notices", _("Privacy notices"), _("What people have been told"))
