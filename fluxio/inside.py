"""`python -m fluxio.inside demo_code EMAIL`: a command of manage.py in the demo that `make run` has started."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var"

NAMES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DEMO", "SECURE", "DATA_DIR")
FILE = "running.env"


def note(data: Path, environment: dict[str, str]) -> None:
    """For commands beside the running demo; read by its owner alone."""
    path = data / FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{name}={environment[name]}\n" for name in NAMES if name in environment)


def forget(data: Path) -> None:
    (data / FILE).unlink(missing_ok=True)


def main() -> int:
    try:
        lines = (DATA / FILE).read_text().splitlines()
    except FileNotFoundError:
        print("The demo is not running: make run, in another window.", file=sys.stderr)
        return 1
    environment = os.environ | dict(line.split("=", 1) for line in lines)
    return subprocess.call([sys.executable, "manage.py", *sys.argv[1:]], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
