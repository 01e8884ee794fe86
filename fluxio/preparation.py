"""What has to be done before the office can be served: catalogues, static files, tables, the demo's data."""

import subprocess
import sys
from pathlib import Path

from fluxio.embedded import EmbeddedError

STEPS = [
    ("Translations", ["-m", "fluxio.translations", "compile"]),
    ("Tables", ["manage.py", "migrate", "--no-input"]),
    ("Static files", ["manage.py", "collectstatic", "--no-input"]),
    ("Demo office", ["manage.py", "demo", "--if-empty"]),
]


def prepare(root: Path, data: Path, environment: dict[str, str]) -> None:
    """Every step does nothing when there is nothing to do, so none is skipped by guesswork."""
    log = data / "log" / "prepare.log"
    log.write_bytes(b"")
    for name, command in STEPS:
        print(f"{name} …", flush=True)
        with log.open("ab") as file:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                check=False,
            )
        if done.returncode != 0:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise EmbeddedError(f"{tail}\n{name}: failed. More in {log.relative_to(root)}.")
