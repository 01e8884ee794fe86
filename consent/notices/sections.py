"""A notice in one language: sections of plain blocks, made from the facts alone."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.citations import cited
from consent.notices.facts import Facts, bases_of, places_outside, rests_on_consent
from consent.texts import in_language
from consent.words import Article, Channel, Mark, RecipientClass, RegisterKind, SubjectClass, Transfer
from registers.models.base import Source
from registers.phones import phone_number

Block = dict[str, Any]
Section = dict[str, Any]
# Sources in the order of policy P14: mainly the person, then officials, then others.
FROM_PERSON = ("in_person", "phone", "post", "email", "form", "portal")


def sections(facts: Facts, language: str) -> list[Section]:
    """[{"code", "title", "blocks"}]; a block is a paragraph "p", a heading "h", a list "ul" or rows "dl"."""
    with translation.override(language):
        found = [
            ("controller", _("Controller"), _controller(facts)),
            ("introduction", _("Whom this notice is for"), _paragraphs(facts["introduction"])),
            ("purposes", _("Why we process data, and on what legal basis"), _purposes(facts)),
            ("data", _("What data we process, and about whom"), _data(facts)),
            ("sources", _("Where the data come from"), _sources(facts)),
            ("recipients", _("Who receives data"), _recipients(facts)),
            ("transfers", _("Transfers outside the EU and the EEA"), _transfers(facts)),
            ("retention", _("How long data are kept"), _retention(facts)),
            ("provision", _("Must the data be given?"), _provision(facts)),
            ("rights", _("Your rights"), _rights(facts)),
            ("objection", _("Your right to object"), _objection(facts)),
            ("consent", _("Withdrawing consent"), _consent(facts)),
            ("complaint", _("Complaint to the supervisory authority"), _complaint(facts)),
            ("automated", _("Automated decisions and profiling"), _paragraphs(facts["automated_decisions"])),
            ("security", _("How data are protected"), _paragraphs(facts["security"])),
            ("more", _("More information"), _paragraphs(facts["more"])),
        ]
        return [{"code": code, "title": title, "blocks": blocks} for code, title, blocks in found if blocks]


def title_of(facts: Facts, language: str) -> str:
    with translation.override(language):
        name = facts["controller"]["name"]
        if facts["register"] == RegisterKind.GENERAL:
            return _("Privacy notice: %(controller)s") % {"controller": name}
        register = RegisterKind(facts["register"]).label
        return _("Privacy notice: %(controller)s, %(register)s") % {"controller": name, "register": register}


def _p(text: Any) -> Block:
    return {"kind": "p", "text": str(text)}


def _h(text: Any) -> Block:
    return {"kind": "h", "text": str(text)}


def _ul(items: list[Any]) -> Block:
    return {"kind": "ul", "items": [str(item) for item in items]}


def _dl(*rows: tuple[Any, Any]) -> Block:
    return {"kind": "dl", "rows": [[str(name), str(value)] for name, value in rows if value]}


def _paragraphs(texts: dict[str, str]) -> list[Block]:
    return [_p(part.strip()) for part in in_language(texts).split("\n\n") if part.strip()]


def labels(choices: Any, values: list[str]) -> list[str]:
    return [str(choices(value).label) for value in values]


def listed(choices: Any, values: list[str]) -> str:
    return ", ".join(labels(choices, values))


def contact_rows(who: Facts) -> list[tuple[Any, Any]]:
    person = ", ".join(filter(None, (who["contact_name"], who["contact_role"])))
    town = f"{who['postal_code']} {who['post_office']}".strip()
    return [
        (_("Name"), who["name"]),
        (_("Business ID"), who["business_id"]),
        (_("Address"), ", ".join(filter(None, (who["street_address"], town)))),
        (_("Contact person"), person),
        (_("Phone"), phone_number(who["contact_phone"])),
        (_("Email"), who["contact_email"]),
        (_("Website"), who["website"]),
    ]


def _controller(facts: Facts) -> list[Block]:
    blocks = [_dl(*contact_rows(facts["controller"]))]
    if facts["joint_controllers"]:
        blocks += [_h(_("Joint controllers")), *_paragraphs(facts["joint_controllers"])]
    dpo = facts["dpo"]
    blocks.append(_h(_("Data protection officer")))
    if dpo["name"]:
        blocks.append(
            _dl((_("Name"), dpo["name"]), (_("Phone"), phone_number(dpo["phone"])), (_("Email"), dpo["email"]))
        )
    else:
        blocks += _paragraphs(dpo["none_because"])
    if facts["processor"]:
        says = _("The management company handles the registers on the housing company's behalf, as its processor.")
        blocks += [_h(_("Management company")), _p(says), _dl(*contact_rows(facts["processor"]))]
    return blocks


def basis_sentence(basis: Facts) -> str:
    """ "Legitimate interest, GDPR Article 6(1)(f): by post, by phone call. …" """
    name = capfirst(str(Article(basis["article"]).label))
    text = _("%(name)s, GDPR Article 6(1)(%(letter)s)") % {"name": name, "letter": basis["article"]}
    if basis["citation"] and not basis["citation"].startswith("GDPR Art. 6(1)"):
        text += f" – {cited(basis['citation'])} ({Mark(basis['mark']).label})"
    if basis["channels"]:
        text += ". " + _("By: %(channels)s") % {"channels": listed(Channel, basis["channels"])}
    if basis["subjects"]:
        text += ". " + _("Concerns: %(classes)s") % {"classes": listed(SubjectClass, basis["subjects"])}
    return " ".join(filter(None, (f"{text}.", in_language(basis["note"]))))


def _purposes(facts: Facts) -> list[Block]:
    blocks = []
    for purpose in facts["purposes"]:
        blocks += [_h(capfirst(in_language(purpose["name"]))), _p(in_language(purpose["description"]))]
        blocks.append(_ul([_("Legal basis: %(basis)s") % {"basis": basis_sentence(b)} for b in purpose["bases"]]))
        interests = [in_language(b["interest"]) for b in purpose["bases"] if b["interest"]]
        blocks += [_p(_("Our legitimate interest: %(interest)s") % {"interest": text}) for text in interests]
    return blocks


def field_name(label: str) -> str:
    room, model, field = label.split(".")
    try:
        return str(apps.get_model(room, model)._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    except (LookupError, FieldDoesNotExist):  # of a version from before a change of the tables
        return field


def _data(facts: Facts) -> list[Block]:
    rows = []
    for category in [c for c in Category.values if c in facts["data"]]:
        fields = facts["data"][category]
        names = sorted({field_name(label) for label in fields}, key=str.casefold)
        rows.append((Category(category).label, ", ".join(names) or _("nothing at present")))
    concerned = [s for s in SubjectClass.values if any(s in p["subjects"] for p in facts["purposes"])]
    per_purpose = [
        _("%(purpose)s: %(categories)s")
        % {"purpose": capfirst(in_language(p["name"])), "categories": listed(Category, p["categories"])}
        for p in facts["purposes"]
    ]
    return [
        _p(_("The data concern:")),
        _ul(labels(SubjectClass, concerned)),
        _h(_("Data content")),
        _dl(*rows),
        _h(_("Which data serve which purpose")),
        _ul(per_purpose),
    ]


def _sources(facts: Facts) -> list[Block]:
    used = {source for purpose in facts["purposes"] for source in purpose["sources"]}
    own = [s for s in FROM_PERSON if s in used]
    others = [s for s in Source.values if s in used and s not in FROM_PERSON]
    blocks = []
    if own:
        says = _("Data come mainly from the person, usually when moving in:")
        blocks += [_p(says), _ul(labels(Source, own))]
    if others:
        blocks += [_p(_("Data are also obtained from:")), _ul(labels(Source, others))]
    return blocks


def _recipients(facts: Facts) -> list[Block]:
    classes = [c for c in RecipientClass.values if any(c in p["recipients"] for p in facts["purposes"])]
    says = _("Data are given to others only when the law, an agreement or the purpose demands it.")
    blocks = [_p(says), _ul(labels(RecipientClass, classes))] if classes else []
    if facts["recipients"]:
        blocks += [_h(_("By name")), _ul([_recipient(row) for row in facts["recipients"]])]
    held = {category for row in facts["recipients"] for category in row["categories"]}
    alone = [
        capfirst(in_language(p["name"]))
        for p in facts["purposes"]
        if not p["recipients"] and not held & set(p["categories"])
    ]
    if alone and blocks:
        blocks.append(_p(_("Data are not given to others for: %(purposes)s.") % {"purposes": ", ".join(alone)}))
    return blocks


def _recipient(row: Facts) -> str:
    role = _("processor") if row["role"] == "processor" else _("independent controller")
    text = f"{row['name']} ({role}, {row['country']}): {in_language(row['service'])}"
    subs = ", ".join(f"{sub['name']} ({sub['country']}): {sub['service']}" for sub in row["sub_processors"])
    return f"{text}. " + _("Sub-processors: %(names)s.") % {"names": subs} if subs else text


def _transfers(facts: Facts) -> list[Block]:
    outside = places_outside(facts)
    if not outside:
        if not facts["recipients"]:
            return [_p(_("No recipient outside the European Union and the European Economic Area is recorded."))]
        return [_p(_("Data are not transferred outside the European Union and the European Economic Area."))]
    lines = [
        f"{place['name']} ({place['country']}): {Transfer(place['transfer']).label}. {place['safeguards']}"
        for place in outside
    ]
    return [_p(_("Data are transferred outside the European Union and the European Economic Area to:")), _ul(lines)]


def _retention(facts: Facts) -> list[Block]:
    blocks = []
    for purpose in facts["purposes"]:
        source = cited(purpose["kept_citation"] or "")
        standing = str(Mark(purpose["kept_mark"]).label)
        said = f"{in_language(purpose['kept_until'])} ({', '.join(filter(None, (source, standing)))})"
        blocks.append((capfirst(in_language(purpose["name"])), said))
        for line in purpose["retention"]:
            blocks.append((str(Category(line["category"]).label), in_language(line["says"])))
    return [_dl(*blocks)] if blocks else []


def _provision(facts: Facts) -> list[Block]:
    rows = [(capfirst(in_language(p["name"])), in_language(p["provision"])) for p in facts["purposes"]]
    return [_dl(*rows)] if rows else []


def _rights(facts: Facts) -> list[Block]:
    rights = [
        _("You may get to know whether we process your data, and get a copy of them (Art. 15)."),
        _("You may have wrong data corrected (Art. 16)."),
        _("You may have data erased that are no longer needed or have no legal basis (Art. 17)."),
        _("You may have the processing restricted, for instance while a correction is examined (Art. 18)."),
    ]
    if bases_of(facts, Article.INTEREST) or bases_of(facts, Article.PUBLIC):
        rights.append(_("You may object to processing that rests on a legitimate interest or a public one (Art. 21)."))
    if rests_on_consent(facts) or bases_of(facts, Article.CONTRACT):
        rights.append(
            _("You may get the data that you gave us on consent or agreement in a machine-readable form (Art. 20).")
        )
    return [_ul(rights), *_paragraphs(facts["requests"])]


def _objection(facts: Facts) -> list[Block]:
    blocks = []
    if bases_of(facts, Article.INTEREST):
        blocks.append(
            _p(
                _(
                    "Where we rest on a legitimate interest, you may object at any time on grounds of your own"
                    " situation. We then stop, unless there are compelling grounds that we show to you."
                )
            )
        )
    if any(p["is_marketing"] for p in facts["purposes"]):
        blocks.append(
            _p(
                _(
                    "You may forbid direct marketing at any time, without giving a reason. It takes effect at once on"
                    " every channel, and we remember it even after your other data are erased."
                )
            )
        )
    return blocks


def _consent(facts: Facts) -> list[Block]:
    if not rests_on_consent(facts):
        return []
    names = [in_language(p["name"]) for p, _basis in bases_of(facts, Article.CONSENT)]
    says = _("You may withdraw your consent at any time (%(purposes)s). What was done before stays lawful.")
    how = _("Withdraw by the link in each message, by phone or at the office.")
    texts = [in_language(p["consent_text"]) for p, _basis in bases_of(facts, Article.CONSENT)]
    return [_p(says % {"purposes": ", ".join(names)}), _p(how), _h(_("The text of the consent")), _ul(texts)]


def _complaint(facts: Facts) -> list[Block]:
    who = facts["authority"]
    says = _("If you think that we process your data against the law, you may complain to the supervisory authority.")
    return [
        _p(says),
        _dl(
            (_("Name"), in_language(who["name"])),
            (_("Website"), who["website"]),
            (_("Email"), who["email"]),
            (_("Phone"), phone_number(who["phone"])),
        ),
    ]


def lines_of(section: Section) -> list[str]:
    """The section as lines of text: what is compared between versions, and what tests read."""
    lines = []
    for block in section["blocks"]:
        if block["kind"] == "ul":
            lines += block["items"]
        elif block["kind"] == "dl":
            lines += [f"{name}: {value}" for name, value in block["rows"]]
        else:
            lines.append(block["text"])
    return lines
