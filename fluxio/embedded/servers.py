"""The servers of one data folder, and the environment that leads to them."""

import os
import shutil
from pathlib import Path
from types import TracebackType

from fluxio.embedded.errors import EmbeddedError
from fluxio.embedded.keys import ensure_secrets
from fluxio.embedded.lock import FolderLock
from fluxio.embedded.postgres import Postgres
from fluxio.embedded.processes import undisturbed
from fluxio.embedded.redis_server import RedisServer
from fluxio.embedded.sockets import socket_folder

__all__ = ["EmbeddedError", "Servers"]


class Servers:
    """Starts what the environment does not name already. Use with `with`; `environment` is then filled.

    `fast` gives up safety against a power failure, so it is for data that may be lost: a folder made without it is
    refused, and one made with it is begun anew when its server no longer starts.
    """

    def __init__(self, data: Path, *, fast: bool = False) -> None:
        self.data = data.absolute()
        self.fast = fast
        self.environment: dict[str, str] = {}
        self.lock = FolderLock(self.data / "lock")
        self.postgres: Postgres | None = None
        self.redis: RedisServer | None = None
        self.sockets: Path | None = None

    def __enter__(self) -> "Servers":
        self.data.mkdir(parents=True, exist_ok=True)
        self.lock.take()
        try:
            self._check_kind()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """In full, whatever signals come meanwhile."""
        with undisturbed():
            for server in (self.redis, self.postgres):
                if server:
                    server.stop()
            if self.sockets:
                shutil.rmtree(self.sockets, ignore_errors=True)
            self.lock.release()

    def ended(self) -> list[str]:
        """The servers that were started and no longer run."""
        started = {"PostgreSQL": self.postgres, "Redis": self.redis}
        return [name for name, server in started.items() if server and not server.is_running()]

    def _check_kind(self) -> None:
        marker = self.data / "may-be-lost"
        if self.fast and not marker.exists() and (self.data / "postgres").exists():
            raise EmbeddedError(f"{self.data} holds lasting data: --fast is not for it.")
        if not self.fast and marker.exists():
            raise EmbeddedError(f"{self.data} was made with --fast and may be lost: choose another folder.")
        if self.fast:
            marker.touch()

    def _start(self) -> None:
        logs = self.data / "log"
        logs.mkdir(exist_ok=True)
        sockets = self.sockets = socket_folder(self.data)
        self.environment |= {name: os.environ.get(name) or value for name, value in self._secrets().items()}
        if not os.environ.get("DATABASE_URL"):
            self.postgres = Postgres(self.data, sockets, logs / "postgres.log", fast=self.fast)
            self._start_postgres(self.postgres)
            self.environment["DATABASE_URL"] = self.postgres.url
        if not os.environ.get("REDIS_URL"):
            self.redis = RedisServer(self.data, sockets, logs / "redis.log", fast=self.fast)
            self.redis.start()
            self.environment["REDIS_URL"] = self.redis.url

    def _secrets(self) -> dict[str, str]:
        return ensure_secrets(self.data / "secrets.env")

    def _start_postgres(self, server: Postgres) -> None:
        try:
            server.start()
        except EmbeddedError:
            if not self.fast or not server.data.exists():
                raise
            server.stop()
            shutil.rmtree(server.data)
            server.start()
