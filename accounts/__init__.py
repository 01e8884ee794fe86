"""Who may sign in, and who did what: users, roles, the actor of every write, the audit trail."""
