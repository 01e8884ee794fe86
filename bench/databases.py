"""One database with the demo office per size, beside the embedded server's own; kept for the next run."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "bench"
SEED = 1


def environment_for(persons: int) -> dict[str, str]:
    """The environment that leads to a database with so many people; makes it when it is missing or out of date."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        sys.exit("The measurements need PostgreSQL and Redis: run them by `make bench`.")
    name, made_from = f"bench_{persons}", _fingerprint()
    folder = RESULTS / name
    (folder / "static").mkdir(parents=True, exist_ok=True)
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    chosen = {"DATABASE_URL": url, "DATA_DIR": str(folder), "DEMO": "true", "SECURE": "false", "HASHED_STATIC": "false"}
    environment = {**os.environ, **chosen, "DJANGO_SETTINGS_MODULE": "fluxio.settings", "LOG_LEVEL": "WARNING"}
    with psycopg.connect(server, autocommit=True) as connection:
        if _comment(connection, name) != made_from:
            print(f"Making a database of {persons:,} people …", flush=True)
            database = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(database))
            _manage(environment, "migrate", "-v0")
            _manage(environment, "demo", "--persons", str(persons), "--seed", str(SEED))
            with psycopg.connect(url, autocommit=True) as own:
                own.execute("VACUUM ANALYZE")
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(database, made_from))
    return environment


def _comment(connection: psycopg.Connection, name: str) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    row = connection.execute(query, [name]).fetchone()
    return row[0] if row else None


def _fingerprint() -> str:
    """Another day or another generator or schema makes another office."""
    digest = hashlib.sha256(date.today().isoformat().encode())
    for pattern in ("registers/demo/*", "registers/migrations/*.py", "accounts/migrations/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
