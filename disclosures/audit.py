"""Which tables of this room the audit trail follows; the log of disclosures is its own trail."""

from auditlog.registry import auditlog

from disclosures import models
from disclosures.queries.breaches import HANDLE
from registers.queries.history import only_for

for followed in (models.Breach, models.BreachDisclosure):
    names = [field.name for field in followed._meta.concrete_fields if field.name != "id"]
    auditlog.register(followed, include_fields=names)
    only_for(followed, HANDLE)
