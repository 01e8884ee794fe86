"""The management company as an installation ships it: with its purposes, rules of retention and first notice."""

from accounts.acting import Program
from consent.services.controllers import load_controller
from registers.models import Controller
from tests.kept_rows import Kept, what_is_written_by

BY = Program("tests")
_kept: list[Kept] = []


def shipped_management() -> Controller:
    """Written once by `load_controller`, which takes half a second; many tests begin with it."""
    if Controller.objects.filter(housing_company=None).exists():
        return load_controller(name="fluxio-isannointi", by=BY)
    if _kept:
        _kept[0].put_back()
    else:
        _kept.append(what_is_written_by(lambda: load_controller(name="fluxio-isannointi", by=BY)))
    return Controller.objects.get(housing_company=None)
