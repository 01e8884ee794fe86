"""`make run`: the demo office with everything it needs, until Ctrl-C.

PostgreSQL and Redis start first and end last; the web server stops taking requests before the worker ends its tasks.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

from fluxio import inside
from fluxio.children import Child, Program
from fluxio.embedded import EmbeddedError, Servers
from fluxio.embedded.errors import FolderInUse
from fluxio.embedded.processes import undisturbed
from fluxio.preparation import prepare

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var"
READY_WITHIN = 90.0
ACCESS_LOG = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'  # no query, no referer: they may name people


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    try:
        port = chosen_port()
        address = os.environ.get("BIND") or "127.0.0.1"
        with Servers(DATA) as servers:
            check_port_is_free(address, port)
            environment = demo_environment(port) | servers.environment
            servers.lock.note(f"{environment['BASE_URL']}, process {os.getpid()}")
            prepare(ROOT, DATA, environment)
            inside.note(DATA, environment)
            serve(servers, children(address, port, environment), environment, started)
    except KeyboardInterrupt:
        print("\nStopped.")
    except FolderInUse as error:
        print(f"This checkout is running already: {error.holder}.", file=sys.stderr)
        return 1
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def demo_environment(port: int) -> dict[str, str]:
    """What is set already wins, but the demo is never in debug mode."""
    hosts = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(","))]
    defaults = {"DEMO": "true", "SECURE": "false", "DATA_DIR": str(DATA), "BASE_URL": f"http://localhost:{port}"}
    fixed = {"DEBUG": "false", "ALLOWED_HOSTS": ",".join(hosts), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    chosen = {name: os.environ.get(name) or value for name, value in defaults.items()}
    return {**os.environ, **chosen, **fixed}


def children(address: str, port: int, environment: dict[str, str]) -> list[Child]:
    """In the order of starting; they are ended in the opposite one."""
    celery = [sys.executable, "-m", "celery", "-A", "fluxio"]
    gunicorn = [sys.executable, "-m", "gunicorn", "fluxio.wsgi:application", "--bind", f"{address}:{port}"]
    gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "10"]
    gunicorn += ["--logger-class", "fluxio.access.MaskingLogger"]
    programs = [
        Program("worker", [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"], patience=20),
        Program("beat", [*celery, "beat", "--loglevel", "INFO", "--schedule", str(DATA / "beat-schedule")], patience=5),
        Program(
            "web",
            [*gunicorn, "--access-logfile", "-", "--access-logformat", ACCESS_LOG, "--no-control-socket"],
            patience=12,
        ),
    ]
    return [Child(program, environment, ROOT, DATA / "log") for program in programs]


def serve(servers: Servers, running: list[Child], environment: dict[str, str], started: float) -> None:
    try:
        for child in running:
            child.start()
        wait_until_healthy(int(environment["PORT"]), running)
        seconds = time.monotonic() - started
        print(f"\nFluxio runs at {environment['BASE_URL']} (ready in {seconds:.0f} s; Ctrl-C ends it)\n")
        print(signins(environment), flush=True)
        watch(servers, running)
    finally:
        with undisturbed():
            inside.forget(DATA)
            for child in reversed(running):
                child.stop()


def watch(servers: Servers, running: list[Child]) -> None:
    """Restarts what falls over; gives up when it keeps falling or a server is gone."""
    while True:
        time.sleep(0.5)
        for child in running:
            child.restart_if_ended()
        if ended := servers.ended():
            raise EmbeddedError(f"{' and '.join(ended)} ended unexpectedly: see var/log. Start again with make run.")


def wait_until_healthy(port: int, running: list[Child]) -> None:
    address = f"http://127.0.0.1:{port}/healthz"
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        for child in running:
            child.restart_if_ended()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise EmbeddedError(f"{address} is not well after {READY_WITHIN:.0f} s: see var/log.")


def signins(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "demo_signins"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else done.stderr


def chosen_port() -> int:
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise EmbeddedError(f"PORT is a number from 1 to 65535, not {port!r}.")
    return int(port)


def check_port_is_free(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            reason = "is taken by another program" if error.errno == 98 else f"cannot be used ({error.strerror})"
            raise EmbeddedError(f"Port {port} {reason}: PORT={port + 1} make run") from None


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
