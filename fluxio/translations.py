"""`python -m fluxio.translations compile|update|check`: the catalogues of locale/, without gettext's own tools.

compile: .mo files where the .po is newer. update: the catalogues hold what the sources ask for, no more and no less.
check: exit code 1 and a line for each text that lacks its translation in a language.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from fluxio.messages import Message, UnreadableSource, messages_in

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fi", "sv", "en")
SOURCE_LANGUAGE = "en"  # its texts are the message ids themselves
LINE = 110
# No dates and no names: a header that changes with every run makes every branch conflict.
HEADER = r"""# Made by `python -m fluxio.translations update`; translate the msgstr lines, leave the rest.
msgid ""
msgstr ""
"Project-Id-Version: fluxio\n"
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"

"""
_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0+]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa%])")
_BRACE = re.compile(r"\{(\w*)\}")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m fluxio.translations", description=__doc__)
    parser.add_argument("action", choices=["compile", "update", "check"])
    action = parser.parse_args(arguments).action
    try:
        if action == "compile":
            compile_catalogues(root)
        elif action == "update":
            update_catalogues(root)
        else:
            problems = list(problems_in(root))
            print(*problems, sep="\n") if problems else print("All translations are there.")
            return 1 if problems else 0
    except UnreadableSource as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(root: Path, language: str) -> Catalog:
    path = catalogue_path(root, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compile_catalogues(root: Path) -> None:
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        target = path.with_suffix(".mo")
        if not path.exists() or (target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns):
            continue
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read_catalogue(root, language))
        draft.replace(target)


def update_catalogues(root: Path) -> None:
    """What is translated stays; what no source asks for any more goes. Nothing is ever guessed (fuzzy)."""
    wanted = messages_in(root)
    for language in LANGUAGES:
        old, new = read_catalogue(root, language), Catalog(locale=language)
        for message, files in wanted.items():
            new.add(
                _id(message),
                _translation(language, message, old.get(message.text, message.context), new.num_plurals),
                locations=[(name, 0) for name in files],
                context=message.context,
            )
        body = io.BytesIO()
        write_po(body, new, width=LINE, omit_header=True, include_lineno=False)
        header = HEADER.format(language=language, plurals=new.plural_forms)
        path = catalogue_path(root, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != header + body.getvalue().decode():
            path.write_text(header + body.getvalue().decode(), encoding="utf-8")


def problems_in(root: Path) -> Iterator[str]:
    wanted = messages_in(root)
    keys = {message.key for message in wanted}
    for language in LANGUAGES:
        catalogue = read_catalogue(root, language)
        for message in wanted:
            entry = catalogue.get(message.text, message.context)
            if problem := _problem(message, entry, catalogue.num_plurals):
                yield f"{language}: {problem}: {_shown(message.context, message.text)}"
        for entry in catalogue:
            text = entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id
            if text and (entry.context, text) not in keys:
                yield f"{language}: no source asks for it: {_shown(entry.context, text)}"


def _id(message: Message) -> str | tuple[str, str]:
    return (message.text, message.plural) if message.plural is not None else message.text


def _translation(language: str, message: Message, old: Entry | None, plurals: int) -> str | tuple[str, ...]:
    if language == SOURCE_LANGUAGE:
        return message.text if message.plural is None else (message.text, message.plural)
    if old is not None and old.string and not old.fuzzy and old.pluralizable == (message.plural is not None):
        return old.string if isinstance(old.string, str) else tuple(old.string)
    return "" if message.plural is None else ("",) * plurals


def _problem(message: Message, entry: Entry | None, plurals: int) -> str | None:
    if entry is None or entry.pluralizable != (message.plural is not None):
        return "not in the catalogue (run update)"
    if message.plural is not None and entry.id[1] != message.plural:
        return "another plural in the catalogue (run update)"
    if entry.fuzzy:
        return "marked as fuzzy"
    texts = [entry.string or ""] if isinstance(entry.string, (str, type(None))) else list(entry.string)
    if not all(texts) or len(texts) < (1 if message.plural is None else plurals):
        return "not translated"
    first, last = placeholders(message.text), placeholders(message.plural or message.text)
    # "One person" may do without the number that "%(n)d people" has.
    if any(placeholders(text) != last for text in texts[1:]) or placeholders(texts[0]) not in (first, last):
        return "other placeholders in the translation"
    return None


def placeholders(text: str) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """By name (in any order), by place (in this order), in braces."""
    percent = [(name, letter) for name, letter in _PERCENT.findall(text) if letter != "%"]
    named = frozenset(f"{name}:{letter}" for name, letter in percent if name)
    return named, tuple(letter for name, letter in percent if not name), frozenset(_BRACE.findall(text))


def _shown(context: str | None, text: str) -> str:
    return f"{text!r} (context {context!r})" if context else repr(text)


if __name__ == "__main__":
    sys.exit(main())
