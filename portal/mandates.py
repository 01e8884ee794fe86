"""What a seat on a board opens: one table. PostgreSQL knows the same of homes (`fluxio_portal_house`).

The board answers for the administration and keeps the share register (1599/2009 7:2, 2:12): its members see everything.
A deputy steps in when a member cannot, and has to know the house, but no debts before that. An auditor examines
accounts and administration (1599/2009 9): the share register and what the board was given, not who lives with whom.
"""

RESIDENTS, OWNERS, MOVES, SEARCH = "residents", "owners", "moves", "search"
NOTICES, DOCUMENTS = "notices", "documents"
ARREARS, ANNOUNCEMENTS = "arrears", "announcements"  # registers of their own, to come

EVERYTHING = frozenset({RESIDENTS, OWNERS, MOVES, SEARCH, NOTICES, DOCUMENTS, ARREARS, ANNOUNCEMENTS})

MAY: dict[str, frozenset[str]] = {
    "chair": EVERYTHING,
    "member": EVERYTHING,
    "deputy": EVERYTHING - {ARREARS},
    "auditor": frozenset({OWNERS, NOTICES, DOCUMENTS}),
}

# What each list shows of a person, as the record of the look names it.
SHOWN: dict[str, tuple[str, ...]] = {
    RESIDENTS: ("name", "apartment", "residency_role"),
    OWNERS: ("name", "share_group", "shares", "fraction", "owned_from"),
    MOVES: ("name", "apartment", "moved_in", "moved_out"),
    SEARCH: ("name", "apartment", "share_group"),
}
# Lists that are taken out as files, by a purpose: what of whom (`disclosures.extracts.Selection.of`).
FILES = (RESIDENTS, OWNERS)
