"""What changed between two texts of a notice, readable: by section, line and word."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from consent.notices.facts import Facts
from consent.notices.sections import Section, lines_of, sections
from consent.texts import LANGUAGES

# ("same" | "del" | "ins", text)
Piece = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One section that differs. `state`: "new", "gone" or "changed"; each line is a list of pieces."""

    code: str
    title: str
    state: str
    lines: list[list[Piece]]


def changes(old: list[Section], new: list[Section]) -> list[Change]:
    before = {section["code"]: section for section in old}
    after = {section["code"]: section for section in new}
    order = list(after) + [code for code in before if code not in after]
    found = []
    for code in order:
        was, now = before.get(code), after.get(code)
        a, b = lines_of(was) if was else [], lines_of(now) if now else []
        if a != b:
            state = "new" if was is None else "gone" if now is None else "changed"
            shown: Any = now or was
            found.append(Change(code, shown["title"], state, list(_lines(a, b))))
    return found


def changes_of_facts(old: Facts, new: Facts, language: str) -> list[Change]:
    """Both told in today's words, so that a new wording of the software is no change of what is done.

    What differs in another language alone is shown in that one, under the title in the reader's.
    """
    if old == new:
        return []
    found = {change.code: change for change in changes(sections(old, language), sections(new, language))}
    titles = {section["code"]: section["title"] for section in sections(new, language)}
    for other in LANGUAGES:
        if other != language:
            for change in changes(sections(old, other), sections(new, other)):
                title = f"{titles.get(change.code, change.title)} ({other.upper()})"
                found.setdefault(change.code, replace(change, title=title))
    return list(found.values())


def _lines(a: list[str], b: list[str]) -> Iterator[list[Piece]]:
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if kind == "replace" and j - i == m - k:
            for x, y in zip(a[i:j], b[k:m], strict=True):
                yield list(_words(x, y))
            continue
        for line in a[i:j]:
            yield [("del", line)]
        for line in b[k:m]:
            yield [("ins", line)]


def _words(a: str, b: str) -> Iterator[Piece]:
    x, y = a.split(" "), b.split(" ")
    matcher = SequenceMatcher(None, x, y, autojunk=False)
    if matcher.ratio() < 0.3:  # nothing in common: two lines are easier to read than confetti
        yield ("del", a)
        yield ("ins", b)
        return
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield ("same", " ".join(x[i:j]))
            continue
        if i < j:
            yield ("del", " ".join(x[i:j]))
        if k < m:
            yield ("ins", " ".join(y[k:m]))
