"""PostgreSQL refuses to run as root: then it runs as a user without rights of its own."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fluxio.embedded.errors import EmbeddedError

NAME = "fluxio-db"
# Either lets a process pass folders that are closed to it: a checkout below /root, say. The first one cannot write.
PASSING = {"dac_read_search": 2, "dac_override": 1}


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def command(self, arguments: list[str], paths: list[Path]) -> list[str]:
        """The command as this user, able to reach `paths` without any folder's mode being changed."""
        if os.geteuid() != 0:
            return arguments
        change = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not all(_reachable(path) for path in paths):
            capability = _passing_capability()
            # access(2) forgets capabilities of anyone but root, unless this bit is set; initdb asks it.
            change += ["--securebits=+no_setuid_fixup"]
            change += [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
        return [*change, "--", *arguments]

    def own(self, folder: Path) -> None:
        """Makes the folder and everything in it this user's."""
        if os.geteuid() != 0 or folder.stat().st_uid == self.uid:
            return
        for top, _folders, files in os.walk(folder):
            for name in files:
                os.chown(Path(top) / name, self.uid, self.gid, follow_symlinks=False)
            if Path(top) != folder:
                os.chown(top, self.uid, self.gid)
        os.chown(folder, self.uid, self.gid)  # last, so that an interrupted change is repeated


def database_account() -> Account:
    """The user that PostgreSQL runs as: ourselves, or as root one that is made for it."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if shutil.which("setpriv") is None:
        raise EmbeddedError("Run this as an ordinary user, or install util-linux (setpriv): PostgreSQL refuses root.")
    for name in (NAME, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            if name != NAME or not _add_user():
                continue
            entry = pwd.getpwnam(name)
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError("Run this as an ordinary user: PostgreSQL refuses root and no other user can be made.")


def _add_user() -> bool:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def _passing_capability() -> str:
    status = Path("/proc/self/status").read_text()
    held = int(status.split("CapEff:")[1].split()[0], 16)
    for name, bit in PASSING.items():
        if held >> bit & 1:
            return name
    raise EmbeddedError("Run this as an ordinary user: PostgreSQL refuses root and cannot reach this folder.")
