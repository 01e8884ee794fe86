"""Word lists, read once."""

import tomllib
from pathlib import Path

WORDS: dict[str, dict[str, list[str]]] = {
    group: {name: text.split() for name, text in lists.items()}
    for group, lists in tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8")).items()
}
