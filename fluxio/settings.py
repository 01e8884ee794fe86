"""All settings, from the environment. A missing or default secret stops the start with a clear line."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Spreadsheets are written the same whether lxml happens to be installed or not: read when openpyxl is imported.
os.environ.setdefault("OPENPYXL_LXML", "False")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # the invented demo office and its accounts may exist
SECURE = env.bool("SECURE", default=True)  # served over https
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))


def secret(name: str) -> str:
    """The secret `name`; refuses an empty one and the examples of .env.example."""
    value = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example and docs/operations.md.")
    if "change-me" in value:
        raise ImproperlyConfigured(f"{name} still has its example value. Make one of your own: docs/operations.md.")
    return value


SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier keys: links in sent mail go on working
FIELD_KEYS = secret("FIELD_KEYS")  # "id:base64,id:base64": the first encrypts, all decrypt
INDEX_KEY = secret("INDEX_KEY")  # base64: the keyed blind index; keep it out of the database's backups

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEBUG or DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env("BASE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "accounts",
    "registers",
    "mail",
    "consent",
    "disclosures",
    "retention",
    "rights",
    "portal",
    "registers.apps.OfficeAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "csp",
]
if env.bool("ZEAL", default=False):  # finds N+1 queries in tests
    INSTALLED_APPS.append("zeal")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.SecurityHeaders",
    "accounts.middleware.RefuseNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "retention.middleware.ClosedUntilReplayed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionsEnd",
    "accounts.middleware.SecondFactor",
]

ROOT_URLCONF = "fluxio.urls"
WSGI_APPLICATION = "fluxio.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.office",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):  # Celery has words of its own for a socket and its database
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # must exceed the time limit, or a long task runs twice
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = "Europe/Helsinki"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.MaximumLength", "OPTIONS": {"max_length": 128}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoWordsOfTheContext"},
]  # NIST SP 800-63B: length and known bad ones, no composition rules, no expiry
ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the office, with a confirmed address
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # to nobody, so that time tells nothing: accounts.adapter
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # for people who are not staff: portal.forms.signing_in
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # mail scanners open links
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # to the second factor: whoever was locked out comes in
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # of an account, or of a browser that the account knows: accounts/devices.py
    "request_login_code": "20/m/ip,3/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
    "reauthenticate": "10/m/user",
    "second_factor_code": "20/d/key",  # wrong ones: accounts/guessing.py
    "second_factor_told": "1/d/key",
}
ACCOUNT_FORMS = {
    "request_login_code": "portal.forms.signing_in.OwnCodeForm",
    "confirm_login_code": "accounts.forms.CodeForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Fluxio"
MFA_TOTP_TOLERANCE = 1  # clocks of phones go wrong by half a minute
MFA_FORMS = {
    "authenticate": "accounts.forms.FactorCodeForm",
    "reauthenticate": "accounts.forms.FactorCodeAgainForm",
    "activate_totp": "accounts.forms.AppForm",
    "add_webauthn": "accounts.forms.PasskeyForm",
    "edit_webauthn": "accounts.forms.PasskeyNameForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PORTAL_URL = "/portal/"  # where people who are not staff go
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would carry names
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.views.errors.stale_page"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

AUDITLOG_LOGENTRY_MODEL = "accounts.AuditEntry"
AUDITLOG_DISABLE_REMOTE_ADDR = True

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
FORMAT_MODULE_PATH = ["fluxio.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept as a plain file
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("HASHED_STATIC", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = ["registers.imports.upload.BoundedMemoryUploadHandler"]  # never a plain file on disk
SEVERAL_FILES_AT = ("/request/", "/admin/requests/")  # five of the largest files at once; elsewhere one
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Whatever sends mail puts it in the queue of `mail`; what stands in the queue leaves by EMAIL_URL. Without one, the
# demo's mail goes nowhere: its outbox shows it.
EMAIL_BACKEND = "mail.backend.QueueBackend"
EMAIL_URL = env("EMAIL_URL", default="")
DEMO_OUTBOX = DEMO and not EMAIL_URL
# What has been erased, by keyed hashes: outside the database and its backups (docs/operations.md).
ERASURE_LEDGER = env("ERASURE_LEDGER", default=str(DATA_DIR / "erasure-ledger.jsonl"))
# Strong electronic identification by a broker that speaks OpenID Connect; without an issuer there is none.
EID_ISSUER = env("EID_ISSUER", default="").rstrip("/")
EID_CLIENT_ID = env("EID_CLIENT_ID", default="")
EID_CLIENT_SECRET = env("EID_CLIENT_SECRET", default="")
EID_SCOPE = env("EID_SCOPE", default="openid profile")
EID_CODE_CLAIM = env("EID_CODE_CLAIM", default="urn:oid:1.2.246.21")  # of the personal identity code
DISCLOSURE_HEADS_TO = env("DISCLOSURE_HEADS_TO", default="")  # the daily head of the log goes here, too
EMAIL_CONFIG = env.email_url_config(EMAIL_URL or ("dummymail://" if DEMO else "smtp://localhost:25"))
MAIL_DELIVERY_BACKEND = EMAIL_CONFIG.pop("EMAIL_BACKEND")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="fluxio@localhost")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE:
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_query": {"()": "accounts.logs.WithoutQueryStrings"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_query"]}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
