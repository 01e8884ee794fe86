"""Which tables of this room the audit trail follows; the append-only ones are their own trail."""

from auditlog.registry import auditlog

from consent import models

for followed in (models.ControllerProfile, models.PrivacyNotice, models.SubProcessor):
    names = [field.name for field in followed._meta.concrete_fields if field.name != "id"]
    auditlog.register(followed, include_fields=names)
names = [field.name for field in models.Recipient._meta.concrete_fields if field.name not in ("id", "agreement")]
auditlog.register(models.Recipient, include_fields=names)
