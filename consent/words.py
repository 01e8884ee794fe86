"""The words of the room: legal bases, channels, classes of people and of recipients."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Article(models.TextChoices):
    """The legal bases of GDPR Art. 6(1)."""

    CONSENT = "a", _("consent")
    CONTRACT = "b", _("agreement")
    LAW = "c", _("legal obligation")
    VITAL = "d", _("vital interests")
    PUBLIC = "e", _("public interest")
    INTEREST = "f", _("legitimate interest")


class Mark(models.TextChoices):
    """What stands behind a default that the software ships (law.md)."""

    STATUTE = "L", _("statute")
    GUIDANCE = "S", _("guidance")
    OWN = "D", _("our default")


class Channel(models.TextChoices):
    """By which way a person is approached."""

    EMAIL = "email", _("email")
    SMS = "sms", _("text message")
    PHONE = "phone", _("phone call")
    POST = "post", _("post")


ELECTRONIC = (Channel.EMAIL, Channel.SMS)


class Means(models.TextChoices):
    """How the person told us."""

    WEB = "web", _("web form, confirmed by email")
    LINK = "link", _("link in an email")
    PORTAL = "portal", _("electronic services")
    PHONE = "phone", _("by phone")
    IN_PERSON = "in_person", _("in person, at the office")
    POST = "post", _("by letter")
    EMAIL = "email", _("by email")
    FORM = "form", _("by a paper form")


STAFF_MEANS = (Means.PHONE, Means.IN_PERSON, Means.POST, Means.EMAIL, Means.FORM)
OWN_MEANS = (Means.WEB, Means.LINK, Means.PORTAL)  # the person's own act, without anybody between


class SubjectClass(models.TextChoices):
    """Classes of data subjects; `queries/conditions.py` finds their people in the registers."""

    RESIDENT = "resident", _("residents")
    OWNER = "owner", _("shareholders")
    BOARD_MEMBER = "board_member", _("board members")
    PAYER = "payer", _("payers of charges and rents")
    DEBTOR = "debtor", _("debtors")
    REPORTER = "reporter", _("people who give feedback or report something")
    CASE_PARTY = "case_party", _("parties of a claim or dispute")
    CUSTOMER = "customer", _("customers and their contact persons")
    PROSPECT = "prospect", _("possible customers")
    VISITOR = "visitor", _("people who move about on the premises")
    USER = "user", _("users of the electronic services and of this system")


class RecipientClass(models.TextChoices):
    """Categories of recipients (GDPR Art. 13(1)(e))."""

    BOARD = "board", _("the housing company's board and other official representatives")
    MAINTENANCE = "maintenance", _("maintenance firms and other service providers of the housing company")
    COLLECTION = "collection", _("collection agencies")
    ENFORCEMENT = "enforcement", _("courts and the enforcement authority")
    SHAREHOLDER = "shareholder", _("shareholders and others with a right under the law")
    RESIDENTS = "residents", _("other residents, where the law or a consent allows")
    AUTHORITY = "authority", _("authorities with a request based on the law")
    POLICE = "police", _("the police")
    ACCOUNTANT = "accountant", _("accounting firms")
    AUDITOR = "auditor", _("auditors")
    TAX = "tax", _("the tax administration")
    COUNSEL = "counsel", _("legal counsel and insurers")
    MESSAGES = "messages", _("processors of messages and post")
    IT = "it", _("providers of information systems and servers")


class RegisterKind(models.TextChoices):
    """Which register a purpose and a privacy notice belong to (policy P13)."""

    GENERAL = "general", _("customer and resident registers")
    CAMERA = "camera", _("camera surveillance")
    ACCESS_CONTROL = "access_control", _("access control")


class Transfer(models.TextChoices):
    """On what a transfer outside the EU and the EEA rests (GDPR ch. V)."""

    NONE = "none", _("no transfer: the data stay in the EU and the EEA")
    ADEQUACY = "adequacy", _("adequacy decision of the Commission (Art. 45)")
    CLAUSES = "clauses", _("standard contractual clauses (Art. 46(2)(c))")
    RULES = "rules", _("binding corporate rules (Art. 47)")
    DEROGATION = "derogation", _("derogation for a specific situation (Art. 49)")
