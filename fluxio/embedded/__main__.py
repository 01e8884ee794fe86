"""`python -m fluxio.embedded --data var/test [--fast] -- COMMAND…`: runs a command between start and stop."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from fluxio.embedded import EmbeddedError, Servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fluxio.embedded", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the servers' data")
    parser.add_argument("--fast", action="store_true", help="for data that may be lost: no waiting for the disk")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with Servers(options.data, fast=options.fast) as servers:
            return _run(options.command, {**os.environ, **servers.environment})
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: list[str], environment: dict[str, str]) -> int:
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise EmbeddedError(f"{command[0]}: {error.strerror}") from None
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            child.terminate()
        else:
            return code if code >= 0 else 128 - code


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
