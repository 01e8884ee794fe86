"""Why a file is not taken. Without Django, since the process that reads files knows these words too."""

BROKEN, LOCKED, UNKNOWN, LARGE, HEAVY = "broken", "locked", "unknown", "large", "heavy"


class Refused(Exception):
    """Its code is one of the words above."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
