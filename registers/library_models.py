"""What the models of libraries hold, classified beside the inventory, by label."""

from accounts.classification import Account, Category, DeleteRow, Erase, Keep, KeepRow, NoPerson, WithRow

NOTHING = KeepRow("holds no personal data")


class Group:
    subject = NoPerson("a role")
    ends = NOTHING
    personal: dict = {}
    not_personal = ("id", "name", "permissions")


class Permission:
    subject = NoPerson("a right")
    ends = NOTHING
    personal: dict = {}
    not_personal = ("id", "name", "content_type", "codename")


class ContentType:
    subject = NoPerson("names a model")
    ends = NOTHING
    personal: dict = {}
    not_personal = ("id", "app_label", "model")


class Session:
    # The user's key stands inside session_data; sessions end by themselves and by sign-out.
    subject = NoPerson("an opaque session; leads to its account only while it is decoded")
    ends = DeleteRow()
    personal = {Category.USAGE: {"session_key": WithRow(), "session_data": WithRow(), "expire_date": WithRow()}}
    not_personal = ()


class AdminLogEntry:
    # Not written: the audit trail stands in its place (registers/admin/base.py).
    subject = Account("user")
    ends = DeleteRow()
    personal = {
        Category.ACCOUNT: {"user": WithRow(), "action_time": WithRow()},
        Category.IDENTITY: {"object_repr": Erase(to=""), "change_message": Erase(to="")},
    }
    not_personal = ("id", "content_type", "object_id", "action_flag")


class EmailAddress:
    subject = Account("user")
    ends = DeleteRow()
    personal = {Category.ACCOUNT: {"user": WithRow(), "email": WithRow()}}
    not_personal = ("id", "verified", "primary")


class EmailConfirmation:
    subject = Account("email_address__user")
    ends = DeleteRow()
    personal = {
        Category.ACCOUNT: {"email_address": WithRow(), "key": WithRow(), "created": WithRow(), "sent": WithRow()}
    }
    not_personal = ("id",)


class Authenticator:
    """A second factor: an app's secret and recovery codes encrypted, a passkey's public key (`accounts/factors.py`)."""

    subject = Account("user")
    ends = DeleteRow()
    personal = {
        Category.ACCOUNT: {"user": WithRow(), "data": WithRow(), "created_at": WithRow(), "last_used_at": WithRow()}
    }
    not_personal = ("id", "type")


class UserSession:
    """Where an account is signed in; the row goes with its session."""

    subject = Account("user")
    ends = DeleteRow()
    personal = {
        Category.USAGE: {
            "user": WithRow(),
            "ip": WithRow(),
            "user_agent": WithRow(),
            "created_at": WithRow(),
            "last_seen_at": WithRow(),
            "session_key": WithRow(),
        }
    }
    not_personal = ("id", "data")  # nothing is written there


class UserGroups:
    subject = Account("user")
    ends = DeleteRow()
    personal = {Category.ACCOUNT: {"user": Keep("the role is needed to read the trail")}}
    not_personal = ("id", "group")


class UserPermissions:
    subject = Account("user")
    ends = DeleteRow()
    personal = {Category.ACCOUNT: {"user": Keep("the rights are needed to read the trail")}}
    not_personal = ("id", "permission")


class GroupPermissions:
    subject = NoPerson("a role's right")
    ends = NOTHING
    personal: dict = {}
    not_personal = ("id", "group", "permission")


LIBRARY_MODELS: dict[str, type] = {
    "auth.Group": Group,
    "auth.Permission": Permission,
    "auth.Group_permissions": GroupPermissions,
    "accounts.User_groups": UserGroups,
    "accounts.User_user_permissions": UserPermissions,
    "contenttypes.ContentType": ContentType,
    "sessions.Session": Session,
    "admin.LogEntry": AdminLogEntry,
    "account.EmailAddress": EmailAddress,
    "account.EmailConfirmation": EmailConfirmation,
    "mfa.Authenticator": Authenticator,
    "usersessions.UserSession": UserSession,
}
