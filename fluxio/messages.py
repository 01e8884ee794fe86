"""Which texts the project's Python files and templates ask to have translated."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

# Function → which of its arguments are the context, the message and its plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
NOT_SHOWN = {"tests", "bench", "var", "docs", "static", "locale", "requirements", "node_modules"}
TEMPLATES = {".html", ".txt", ".svg", ".xml"}
_TEXT = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# What stands between the calls is no Python: templatize blanks the template's own text with letters.
_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)", re.DOTALL)
_ONE_TEXT = re.compile(_TEXT, re.DOTALL)


class Message(NamedTuple):
    context: str | None
    text: str
    plural: str | None

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


class UnreadableSource(Exception):
    """A file that is no Python or no template; its text says which and why."""


def messages_in(root: Path) -> dict[Message, list[str]]:
    """Every message with the files that it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
            read = messages_of_python(text) if path.suffix == ".py" else messages_of_template(text)
            for message in read:
                found.setdefault(message, set()).add(name)
        except (SyntaxError, UnicodeDecodeError) as error:
            raise UnreadableSource(f"{name}: {error}") from None
    return {message: sorted(found[message]) for message in _with_plurals(found)}


def sources(root: Path) -> Iterator[Path]:
    """Python files of the rooms (folders with an __init__.py) and templates, wherever they are."""
    for folder in sorted(root.iterdir()):
        if not folder.is_dir() or folder.name.startswith(".") or folder.name in NOT_SHOWN:
            continue
        is_room = (folder / "__init__.py").exists()
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(root).parts
            python = is_room and path.suffix == ".py" and "migrations" not in inside
            if python or (path.suffix in TEMPLATES and "templates" in inside[:-1]):
                yield path


def messages_of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if function in FUNCTIONS:
                texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
                yield from _message(function, texts)


def messages_of_template(source: str) -> Iterator[Message]:
    if not settings.configured:
        settings.configure()
    for call in _CALL.finditer(templatize(source)):
        yield from _message(call[1], [ast.literal_eval(text) for text in _ONE_TEXT.findall(call[2])])


def _message(function: str, arguments: Sequence[object]) -> Iterator[Message]:
    """Nothing for a call with a variable: what it holds was marked elsewhere."""
    context, text, plural = (
        None if place is None or place >= len(arguments) else arguments[place] for place in FUNCTIONS[function]
    )
    if isinstance(text, str) and text:
        yield Message(context if isinstance(context, str) else None, text, plural if isinstance(plural, str) else None)


def _with_plurals(found: dict[Message, set[str]]) -> list[Message]:
    """One message per text: where one is used with and without a plural, both read the entry with the plural."""
    chosen: dict[tuple[str | None, str], Message] = {}
    for message in found:
        known = chosen.get(message.key)
        if known is None or known.plural is None:
            chosen[message.key] = message
    for message in found:
        if message is not chosen[message.key]:
            found[chosen[message.key]] |= found[message]
    return sorted(chosen.values(), key=lambda message: (message.text, message.context or ""))
