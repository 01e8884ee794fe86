"""`make check`: every check is run, each under its heading; the end says which ones failed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.prefix) / "bin"
MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "Style (ruff check)": [str(BIN / "ruff"), "check", "."],
    "Form (ruff format)": [str(BIN / "ruff"), "format", "--check", "."],
    "Types (mypy)": [sys.executable, "-m", "mypy"],
    "Import order (import-linter)": [sys.executable, str(BIN / "lint-imports"), "--no-cache"],
    "Migrations complete": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "Deployment settings": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "Translations complete": [sys.executable, "-m", "fluxio.translations", "check"],
}
PRODUCTION = {
    "DEBUG": "false",
    "DEMO": "false",
    "SECURE": "true",
    "ALLOWED_HOSTS": "fluxio.example",
    "BASE_URL": "https://fluxio.example",
    "CSRF_TRUSTED_ORIGINS": "https://fluxio.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DEFAULT_FROM_EMAIL": "Fluxio <office@fluxio.example>",
    "DJANGO_SETTINGS_MODULE": "fluxio.settings",
}


def main() -> int:
    environment = {**os.environ, **PRODUCTION}
    subprocess.run([sys.executable, "-m", "fluxio.translations", "compile"], cwd=ROOT, env=environment, check=False)
    failed = [name for name, command in CHECKS.items() if not passes(name, command, environment)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"\n== {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
