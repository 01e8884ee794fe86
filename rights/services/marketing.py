"""An objection to direct marketing is not weighed: it works at once, on every channel (GDPR Art. 21(3)).

Of a person who is known it ends marketing for them; of an address alone, for that address. A ban asks for no
identification: whoever reads the mailbox may say that nothing is sent there.
"""

from accounts.acting import Program
from accounts.models import User
from consent.models import Objection
from consent.services.objections import object_by_address, object_to_marketing
from consent.words import Means as Told
from registers.models import Controller, Person
from rights.models import SubjectRequest
from rights.services.steps import note_step
from rights.words import Channel, Did, Whom

TOLD_BY = {
    Channel.FORM: Told.WEB,
    Channel.PAGES: Told.PORTAL,
    Channel.PHONE: Told.PHONE,
    Channel.LETTER: Told.POST,
    Channel.EMAIL: Told.EMAIL,
    Channel.DESK: Told.IN_PERSON,
}


def end_marketing(case: SubjectRequest, person: Person, by: User | Program) -> list[Objection]:
    """Every known contact of the person, for every controller of ours; within the transaction of the caller."""
    means = TOLD_BY[Channel(case.channel)]
    made = [object_to_marketing(person=person, controller=c, means=means, by=by, note=case.reference) for c in _ours()]
    note_step(case, Did.OBJECTED, by)
    return made


def ban_address(case: SubjectRequest, by: Program) -> None:
    """The very address that was confirmed. Nobody is looked for in the registers: known and unknown get the same."""
    if case.email_key is None or case.whom != Whom.SELF:  # a guardian's own mailbox has objected to nothing
        return
    means = TOLD_BY[Channel(case.channel)]
    for controller in _ours():
        object_by_address(contact_key=bytes(case.email_key), controller=controller, means=means, by=by)
    note_step(case, Did.OBJECTED, by)


def _ours() -> list[Controller]:
    return list(Controller.objects.filter(housing_company=None))
