"""What the record must contain (GDPR Art. 30(1) and 30(2)) and does not: which item, whose, and where it is written."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consent.notices.facts import Facts
from consent.notices.items import told
from consent.records.processing import AS_CONTROLLER
from consent.texts import in_language


@dataclass(frozen=True)
class Fault:
    """Where it is written: `mend` names the page, `key` its row; None where there is no row yet."""

    article: str
    what: str
    mend: str
    key: int | None = None
    about: str = ""


def faults_of(record: Facts) -> list[Fault]:
    return list(_of_controller(record) if record["article"] == AS_CONTROLLER else _of_processor(record))


def reachable(who: Facts) -> bool:
    return bool(who and who["name"] and (who["contact_email"] or who["contact_phone"] or who["street_address"]))


def officer_told(dpo: Facts) -> bool:
    return bool(dpo["name"] and (dpo["email"] or dpo["phone"])) or told(dpo["none_because"])


def safeguarded(place: Facts) -> bool:
    return place["transfer"] != "none" and bool(place["safeguards"])


def _of_controller(record: Facts) -> Iterator[Fault]:
    key, purposes = record["key"], record["purposes"]
    if not reachable(record["controller"]):
        yield Fault("30(1)(a)", _("the controller's name and contact details"), "controller", key)
    if not officer_told(record["dpo"]):
        yield Fault("30(1)(a)", _("the data protection officer, or why there is none"), "profile", key)
    if not purposes:
        yield Fault("30(1)(b)", _("the purposes of the processing"), "purposes", key)
    for purpose in purposes:
        yield from _of_purpose(purpose)
    if purposes and not record["recipients"] and not any(p["recipients"] for p in purposes):
        yield Fault("30(1)(d)", _("categories of recipients"), "purposes", key)
    for place in record["transfers"]:
        if not safeguarded(place):
            yield Fault(
                "30(1)(e)", _("on what the transfer rests, and its safeguards"), "recipients", key, place["name"]
            )
    if not told(record["security"]):
        yield Fault("30(1)(g)", _("a general description of the security measures"), "profile", key)


def _of_purpose(purpose: Facts) -> Iterator[Fault]:
    wanted = [
        ("30(1)(b)", told(purpose["name"]) and told(purpose["description"]), _("the purposes of the processing")),
        ("30(1)(c)", purpose["subjects"], _("categories of data subjects")),
        ("30(1)(c)", purpose["categories"], _("categories of personal data")),
        ("30(1)(f)", told(purpose["kept_until"]), _("the time limit for erasure")),
    ]
    about = in_language(purpose["name"]) or purpose["code"]
    for article, is_there, what in wanted:
        if not is_there:
            yield Fault(article, what, "purpose", purpose["key"], about)


def _of_processor(record: Facts) -> Iterator[Fault]:
    key = record["key"]
    if not reachable(record["processor"]):
        yield Fault("30(2)(a)", _("the processor's name and contact details"), "controller", key)
    elif not officer_told(record["dpo"]):
        yield Fault("30(2)(a)", _("the data protection officer, or why there is none"), "profile", key)
    for company in record["companies"]:
        yield from _of_company(company)
    if not told(record["security"]):
        yield Fault("30(2)(d)", _("a general description of the security measures"), "profile", key)


def _of_company(company: Facts) -> Iterator[Fault]:
    name, controller = company["contact"]["name"], company["controller_key"]
    if not reachable(company["contact"]):
        what = _("the controller's name and contact details")
        mend, key = ("controller", controller) if controller else ("company", company["key"])
        yield Fault("30(2)(a)", what, mend, key, name)
    if not company["purposes"]:
        yield Fault("30(2)(b)", _("categories of processing carried out on its behalf"), "purposes", controller, name)
    for place in company["transfers"]:
        if not safeguarded(place):
            what = _("on what the transfer rests, and its safeguards")
            yield Fault("30(2)(c)", what, "recipients", controller, f"{name}: {place['name']}")
