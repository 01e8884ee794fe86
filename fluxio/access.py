"""The web server's log of requests, without the links that act for their person."""

from typing import Any

from gunicorn.glogging import Logger

from accounts.logs import LINK


class MaskingLogger(Logger):
    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(*args, **kwargs)
        atoms["U"] = LINK.sub(r"\1…", str(atoms.get("U", "")))
        return atoms
