"""Users and the audit trail."""

from accounts.models.audit_entry import AuditEntry
from accounts.models.user import User

__all__ = ["AuditEntry", "User"]
