"""The words of requests: what is asked, for whom, how it came, how it stands, how it ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Right(TextChoices):
    """What is asked for (GDPR Art. 7(3), 15-18, 20, 21)."""

    ACCESS = "access", _("see my data")
    RECTIFICATION = "rectification", _("correct my data")
    ERASURE = "erasure", _("erase my data")
    RESTRICTION = "restriction", _("restrict the use of my data")
    PORTABILITY = "portability", _("get my data in a form that I can take along")
    OBJECTION = "objection", _("object to the use of my data")
    CONSENT = "consent", _("withdraw my consent")
    OTHER = "other", _("something else about my data")


# As the office says it, with the article.
RIGHT_NAMES = {
    Right.ACCESS: _("access (Art. 15)"),
    Right.RECTIFICATION: _("rectification (Art. 16)"),
    Right.ERASURE: _("erasure (Art. 17)"),
    Right.RESTRICTION: _("restriction (Art. 18)"),
    Right.PORTABILITY: _("portability (Art. 20)"),
    Right.OBJECTION: _("objection (Art. 21)"),
    Right.CONSENT: _("withdrawal of consent (Art. 7(3))"),
    Right.OTHER: _("other request"),
}


class Whom(TextChoices):
    SELF = "self", _("for myself")
    CHILD = "child", _("for my child")
    WARD = "ward", _("for somebody whose guardian I am")
    PROXY = "proxy", _("for somebody who has authorised me")


class Channel(TextChoices):
    FORM = "form", _("web form")
    PAGES = "pages", _("own pages")
    PHONE = "phone", _("phone")
    LETTER = "letter", _("letter")
    EMAIL = "email", _("email")
    DESK = "desk", _("at the desk")


class AnswerBy(TextChoices):
    LINK = "link", _("electronically, by a link to my email")
    PAPER = "paper", _("on paper, by post or at the office")


# As the office says it of the person.
WHOM_NAMES = {
    Whom.SELF: _("for themselves"),
    Whom.CHILD: _("for their child"),
    Whom.WARD: _("as a guardian"),
    Whom.PROXY: _("as an authorised representative"),
}
ANSWER_NAMES = {
    AnswerBy.LINK: _("by email, with a one-time link"),
    AnswerBy.PAPER: _("on paper"),
}


class State(TextChoices):
    UNCONFIRMED = "unconfirmed", _("address not confirmed")
    RECEIVED = "received", _("received")
    IDENTIFYING = "identifying", _("identity is being checked")
    WORKING = "working", _("in progress")
    CLOSED = "closed", _("closed")


class Outcome(TextChoices):
    FULFILLED = "fulfilled", _("fulfilled")
    PARTLY = "partly", _("partly fulfilled")
    REFUSED = "refused", _("refused")
    NOTHING = "nothing", _("we hold no data")
    WITHDRAWN = "withdrawn", _("withdrawn by the person")
    DUPLICATE = "duplicate", _("handled in another request")


class Means(TextChoices):
    """How somebody was identified: by no more than is needed (GDPR Art. 12(6), recital 64)."""

    CONTACT = "contact", _("the address that the register already has was confirmed")
    ACCOUNT = "account", _("signed in to their own pages")
    DESK = "desk", _("identity document seen at the desk, not copied")
    CALL_BACK = "call_back", _("called back at the number that the register already has")
    EID = "eid", _("strong electronic identification")
    PROXY = "proxy", _("representative: right to act seen, and identity")


class Ground(TextChoices):
    """Why a request, or a part of it, is refused: with its provision."""

    NOT_IDENTIFIED = "not_identified", _("the person could not be identified (GDPR Art. 12(2))")
    UNFOUNDED = "unfounded", _("manifestly unfounded (GDPR Art. 12(5))")
    EXCESSIVE = "excessive", _("excessive, in particular repeated (GDPR Art. 12(5))")
    OTHERS = "others", _("rights and freedoms of others (GDPR Art. 15(4), 20(4))")
    NATIONAL = "national", _("exception of the Data Protection Act 1050/2018 s. 34")
    LEGAL_DUTY = "legal_duty", _("a legal obligation asks for the data (GDPR Art. 17(3)(b))")
    CLAIMS = "claims", _("legal claims (GDPR Art. 17(3)(e), 18(2), 21(1))")
    NEEDED = "needed", _("the data are still needed for their purpose (GDPR Art. 17(1)(a))")
    ACCURATE = "accurate", _("the data were checked and are right (GDPR Art. 16)")
    COMPELLING = "compelling", _("compelling legitimate grounds (GDPR Art. 21(1))")
    NOT_COVERED = "not_covered", _("the right does not cover these data or this legal basis")


class Did(TextChoices):
    """What happened in a case: one step of its log."""

    RECEIVED = "received", _("received")
    CONFIRMED = "confirmed", _("address confirmed")
    REMINDED = "reminded", _("the person was reminded")
    CHANGED = "changed", _("details corrected")
    TAKEN = "taken", _("handler named")
    MATCHED = "matched", _("person named")
    UNMATCHED = "unmatched", _("person taken away")
    ASKED_IDENTITY = "asked_identity", _("asked for more to identify")
    SUSPENDED = "suspended", _("waits for the person")
    RESUMED = "resumed", _("goes on")
    IDENTIFIED = "identified", _("identified")
    EID_UNNAMED = "eid_unnamed", _("strong identification, while nobody was named to compare it with")
    EID_OTHER = "eid_other", _("strong identification that did not confirm the person who is named")
    EXTENDED = "extended", _("time extended")
    WROTE = "wrote", _("message to the person")
    ANSWERED = "answered", _("message from the person")
    PREPARED = "prepared", _("package prepared")
    REVIEWED = "reviewed", _("texts reviewed")
    DELIVERED = "delivered", _("package handed over")
    CORRECTED = "corrected", _("data corrected")
    ERASED = "erased", _("data erased")
    RESTRICTED = "restricted", _("processing restricted")
    LIFTED = "lifted", _("restriction lifted")
    OBJECTED = "objected", _("objection recorded")
    UPHELD = "upheld", _("objection weighed: upheld")
    OUTWEIGHED = "outweighed", _("objection weighed: not upheld")
    WITHDREW = "withdrew", _("consent withdrawn")
    NOTE = "note", _("note")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")
    REMOVED = "removed", _("attachment removed")
