"""The embedded servers: started, killed, started again, and never twice."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from fluxio.embedded import EmbeddedError, Servers
from fluxio.embedded.keys import ensure_secrets
from fluxio.embedded.processes import is_alive, working_in
from fluxio.embedded.sockets import socket_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _servers_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="fx", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o700)
        yield Path(name)


def kill_everything(servers: Servers) -> None:
    """As the end of the world does it: no server is asked, and our lock goes with us."""
    for server, program in ((servers.postgres, "postgres"), (servers.redis, "redis-server")):
        for pid in working_in(server.data.resolve(), program):
            os.kill(pid, signal.SIGKILL)
        server._process.wait()
    servers.lock.release()


def test_what_was_committed_survives_kill_9_of_every_server(folder):
    servers = Servers(folder / "data").__enter__()
    with psycopg.connect(servers.environment["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('säilyi')")
    redis.from_url(servers.environment["REDIS_URL"]).set("kept", "säilyi")
    kill_everything(servers)

    with Servers(folder / "data") as again:
        with psycopg.connect(again.environment["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("säilyi",)]
        assert redis.from_url(again.environment["REDIS_URL"]).get("kept").decode() == "säilyi"


def test_servers_that_a_killed_run_left_are_replaced_not_doubled(folder):
    lost = Servers(folder / "data").__enter__()
    left_over = [lost.postgres.pid, lost.redis.pid]
    lost.lock.release()  # what the kernel does when the run is killed and its servers are not

    with Servers(folder / "data") as servers:
        lost.postgres._process.wait(5)
        lost.redis._process.wait(5)
        assert [is_alive(pid) for pid in left_over] == [False, False]
        assert working_in(servers.redis.data.resolve(), "redis-server") == [servers.redis.pid]
        assert postmasters(servers) == [servers.postgres.pid]


def postmasters(servers: Servers) -> list[int]:
    """A postmaster keeps its command line; its children write "postgres: checkpointer" and the like over it."""
    running = working_in(servers.postgres.data.resolve(), "postgres")
    return [pid for pid in running if not Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"postgres:")]


def test_a_second_start_in_the_same_folder_is_refused_and_says_by_whom(folder):
    with Servers(folder / "data", fast=True) as first:
        with pytest.raises(EmbeddedError, match=f"in use already .process {os.getpid()}"):
            Servers(folder / "data", fast=True).__enter__()
        assert first.ended() == []


def test_a_stale_pid_file_that_names_a_living_program_does_not_stop_the_start(folder):
    with Servers(folder / "data", fast=True) as servers:
        data = servers.postgres.data
    stale = "\n".join([str(os.getppid()), str(data), "1700000000", "5432", "/nowhere", "", " 1 1", "ready", ""])
    (data / "postmaster.pid").write_text(stale)
    (data / "postmaster.pid").chmod(0o600)

    with Servers(folder / "data", fast=True) as servers:
        assert servers.ended() == []


def test_a_long_path_with_spaces_gets_short_sockets(folder):
    deep = folder / ("a long folder name with spaces and ä " * 5)
    with Servers(deep, fast=True) as servers:
        assert max(len(str(servers.redis.socket)), len(f"{servers.postgres.sockets}/.s.PGSQL.5432")) < 100
        with psycopg.connect(servers.environment["DATABASE_URL"]) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_the_command_gets_the_environment_and_its_exit_code_comes_back(folder):
    code = "import os, sys; sys.exit(40 + all(os.environ[n] for n in ('DATABASE_URL', 'REDIS_URL', 'INDEX_KEY')))"
    command = [sys.executable, "-m", "fluxio.embedded", "--fast", "--data", str(folder / "data")]
    done = subprocess.run([*command, "--", sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 41
    assert working_in((folder / "data" / "postgres").resolve(), "postgres") == []


def test_servers_that_the_environment_names_are_not_started(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/fluxio")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    with Servers(folder / "data", fast=True) as servers:
        assert (servers.postgres, servers.redis) == (None, None)
        assert sorted(servers.environment) == ["FIELD_KEYS", "INDEX_KEY", "SECRET_KEY"]


def test_lasting_data_is_never_started_without_its_safety(folder):
    (folder / "postgres").mkdir()
    with pytest.raises(EmbeddedError, match="lasting data"):
        Servers(folder, fast=True).__enter__()


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = ensure_secrets(tmp_path / "secrets.env")
    assert sorted(first) == ["FIELD_KEYS", "INDEX_KEY", "SECRET_KEY"]
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert ensure_secrets(tmp_path / "secrets.env") == first


def test_a_secret_of_a_later_version_is_added_beside_the_old_ones(tmp_path):
    (tmp_path / "secrets.env").write_text("FIELD_KEYS=k7:old=\n")
    assert ensure_secrets(tmp_path / "secrets.env")["FIELD_KEYS"] == "k7:old="
    assert len((tmp_path / "secrets.env").read_text().splitlines()) == 3


def test_a_socket_folder_of_somebody_else_is_refused(folder, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    data = folder / ("long" * 30)
    folder_of_ours = socket_folder(data)
    folder_of_ours.rmdir()
    folder_of_ours.symlink_to("/")
    with pytest.raises(EmbeddedError, match="another user"):
        socket_folder(data)
