"""The catalogues: what is extracted, what update keeps, what check finds."""

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxio import translations
from fluxio.messages import Message, UnreadableSource, messages_in, messages_of_python, messages_of_template

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "__init__.py").touch()
    (tmp_path / "rooms" / "texts.py").write_text('_("Home of %(name)s")\nngettext("%(n)d day", "%(n)d days", n)\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% translate "Save" %}')
    return tmp_path


def translate(project: Path, language: str, **texts: str) -> None:
    path = translations.catalogue_path(project, language)
    text = path.read_text()
    for msgid, msgstr in texts.items():
        text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{msgstr}"')
    path.write_text(text)


def complete(project: Path) -> None:
    translations.update_catalogues(project)
    for language in ("fi", "sv"):
        path = translations.catalogue_path(project, language)
        text = path.read_text().replace('msgid "Save"\nmsgstr ""', 'msgid "Save"\nmsgstr "T"')
        text = text.replace('s"\nmsgstr ""', 's"\nmsgstr "K %(name)s"')
        for form in ("msgstr[0]", "msgstr[1]"):
            text = text.replace(f'{form} ""', f'{form} "%(n)d pv"')
        path.write_text(text)


def test_python_calls_are_read_with_their_context_and_plural():
    source = """
_("plain" " and joined"); gettext_lazy("lazy"); gettext_noop("noop"); translation.gettext("by module")
ngettext("%(n)d day", "%(n)d days", n); pgettext("date", "unknown"); npgettext("c", "a", "b", n)
_(variable); _(f"{x}"); other("not this")
"""
    assert set(messages_of_python(source)) == {
        Message(None, "plain and joined", None),
        Message(None, "lazy", None),
        Message(None, "noop", None),
        Message(None, "by module", None),
        Message(None, "%(n)d day", "%(n)d days"),
        Message("date", "unknown", None),
        Message("c", "a", "b"),
    }


def test_template_tags_are_read_though_what_templatize_gives_is_no_python():
    source = """{% load i18n %}It's "quoted" <a title='{% translate "It's open" %}'>{{ name|default:_("none") }}</a>
{% translate 'May' context "month" %}{% blocktranslate %}Hello {{ name }}, 5 % off{% endblocktranslate %}
{% blocktranslate count n=rows|length trimmed %}
  {{ n }} row
{% plural %}
  {{ n }} rows
{% endblocktranslate %}{# _("a comment") #}{% if x == _("in a tag") %}{% endif %}"""
    assert set(messages_of_template(source)) == {
        Message(None, "It's open", None),
        Message(None, "none", None),
        Message("month", "May", None),
        Message(None, "Hello %(name)s, 5 %% off", None),
        Message(None, "%(n)s row", "%(n)s rows"),
        Message(None, "in a tag", None),
    }


def test_a_text_used_with_and_without_a_plural_has_one_entry(project):
    (project / "rooms" / "more.py").write_text('_("%(n)d day")')
    found = messages_in(project)
    assert found[Message(None, "%(n)d day", "%(n)d days")] == ["rooms/more.py", "rooms/texts.py"]
    assert Message(None, "%(n)d day", None) not in found


def test_update_writes_files_without_lines_flags_and_plural_forms(project):
    translations.update_catalogues(project)
    text = translations.catalogue_path(project, "fi").read_text()
    assert '#: rooms/texts.py\n#, python-format\nmsgid "Home of %(name)s"\nmsgstr ""\n' in text
    assert r'"Plural-Forms: nplurals=2; plural=(n != 1);\n"' in text
    assert "rooms/texts.py:" not in text


def test_update_fills_english_with_the_texts_themselves(project):
    translations.update_catalogues(project)
    text = translations.catalogue_path(project, "en").read_text()
    assert 'msgid "Save"\nmsgstr "Save"' in text
    assert 'msgstr[0] "%(n)d day"\nmsgstr[1] "%(n)d days"' in text


def test_update_keeps_translations_drops_unused_ones_and_never_guesses(project):
    translations.update_catalogues(project)
    translate(project, "fi", Save="Tallenna")
    (project / "templates" / "page.html").write_text('{% translate "Save" %}{% translate "Save all" %}')
    (project / "rooms" / "texts.py").write_text("")
    translations.update_catalogues(project)
    text = translations.catalogue_path(project, "fi").read_text()
    assert 'msgid "Save"\nmsgstr "Tallenna"' in text
    assert 'msgid "Save all"\nmsgstr ""' in text
    assert "fuzzy" not in text
    assert "#~" not in text
    assert "Home of" not in text


def test_update_twice_changes_no_file(project):
    translations.update_catalogues(project)
    path = translations.catalogue_path(project, "sv")
    os.utime(path, (1, 1))
    translations.update_catalogues(project)
    assert path.stat().st_mtime == 1


def test_check_passes_when_everything_is_translated(project, capsys):
    complete(project)
    assert translations.main(["check"], project) == 0


def test_check_names_what_is_missing_in_which_language(project, capsys):
    translations.update_catalogues(project)
    assert translations.main(["check"], project) == 1
    said = capsys.readouterr().out.splitlines()
    assert "fi: not translated: 'Save'" in said
    assert "sv: not translated: 'Home of %(name)s'" in said
    assert not any(line.startswith("en:") for line in said)


def test_check_finds_fuzzy_entries_other_placeholders_and_stale_catalogues(project, capsys):
    complete(project)
    path = translations.catalogue_path(project, "fi")
    path.write_text(
        path.read_text().replace("K %(name)s", "K %(nimi)s").replace('msgid "Save"', '#, fuzzy\nmsgid "Save"')
    )
    (project / "rooms" / "more.py").write_text('_("New")')
    (project / "templates" / "page.html").write_text('{% translate "Save" %}')
    translations.main(["check"], project)
    said = capsys.readouterr().out.splitlines()
    assert "fi: other placeholders in the translation: 'Home of %(name)s'" in said
    assert "fi: marked as fuzzy: 'Save'" in said
    assert "en: not in the catalogue (run update): 'New'" in said
    (project / "templates" / "page.html").unlink()
    translations.main(["check"], project)
    assert "sv: no source asks for it: 'Save'" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("%(a)s of %(b)d", "%(b)d / %(a)s", True),
        ("%(a)s", "%(a)d", False),
        ("%s and %d", "%d ja %s", False),
        ("{name} of {n}", "{n}: {name}", True),
        ("{name}", "{nimi}", False),
        ("5 % of all", "5 % kaikista", True),
        ("100 %% sure", "täysin varma", True),
    ],
)
def test_placeholders_are_compared_by_name(text, other, same):
    assert (translations.placeholders(text) == translations.placeholders(other)) is same


def test_compile_writes_what_gettext_reads_and_does_nothing_the_second_time(project):
    complete(project)
    translations.compile_catalogues(project)
    target = translations.catalogue_path(project, "fi").with_suffix(".mo")
    with target.open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Save") == "T"
    assert read.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d pv"
    before = target.stat().st_ino
    translations.compile_catalogues(project)
    assert target.stat().st_ino == before


def test_a_file_that_is_no_python_is_named(project, capsys):
    (project / "rooms" / "broken.py").write_text("def (")
    with pytest.raises(UnreadableSource, match=r"rooms/broken\.py"):
        messages_in(project)
    assert translations.main(["update"], project) == 1


def test_the_command_needs_no_settings_and_no_secrets():
    environment = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "fluxio.translations", "compile"]
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
