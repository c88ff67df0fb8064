"""One settings module, driven by the environment: safe for development, refusing to start in production without its secrets."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import logs

logs.configure()

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules

# --- Secrets: a production start without them is refused with a sentence that names them.
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret" if DEBUG or TESTING else "")
_missing = [
    name for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL") if not globals()[name] and not (DEBUG or TESTING)
]
if _missing:
    raise ImproperlyConfigured(
        f"Cradle cannot start: {', '.join(_missing)} is not set. "
        "Set it in the environment, or run ./cradle up, which makes everything it needs itself."
    )

BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname or "localhost"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
DATA_FOLDER = Path(env.str("CRADLE_DATA", default=str(ROOT / ".data")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "ui",
    "accounts",
    "changes",
    "jobs",
    "listing",
    "discussion",
    "products",
    "roadmap",
    "feedback",
    "usage",
    "lifecycle",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ui.middleware.compressed_pages",
    "csp.middleware.CSPMiddleware",
    "ui.middleware.readable_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ui.middleware.private_pages",
    "ui.middleware.toasts",
    "ui.middleware.known_characters",
    "ui.middleware.Refusals",
]

BENCH = env.bool("CRADLE_BENCH", default=False)  # serves the floor view that pages are measured against
if BENCH:
    MIDDLEWARE.insert(0, "bench.counting.count_statements")

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "ui.forms.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "builtins": ["ui.templatetags.addresses", "ui.templatetags.composing"],
            "loaders": [
                (
                    "ui.folding.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.shell",
            ],
        },
    }
]

_database = env.db_url_config(DATABASE_URL or "postgresql://postgres@localhost/cradle")
_options = _database.pop("OPTIONS", {})
# Off where a pooler such as PgBouncer stands before the server: its connections are no sessions of ours, which can keep nothing.
_sessions = env.bool("DATABASE_POOL", default=True)
# Statements are short: to compile them, or to start workers that share one, costs a page more than it gives.
# Each trigger asks which triggers are to be left out (django-pgtrigger). Where that was never set, it raises and catches an error, for each row and
# trigger: two thirds of what a change of many rows took.
_plainly = "-c jit=off -c max_parallel_workers_per_gather=0 -c pgtrigger.ignore={}"
_pool = _sessions and bool(DATABASE_URL) and not TESTING and {"min_size": 1, "max_size": 12, "timeout": 10}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "config.postgres",
        "HOST": _options.pop("host", _database["HOST"]),  # a socket's folder is spelled ?host=/…
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a pooled connection that outlived a restart of the server is replaced, not used
        # The server keeps the plans of what it is asked often: a quarter of a page's time went into planning it anew.
        "OPTIONS": {
            **({"options": _plainly} if _sessions else {}),
            **_options,
            "pool": _pool,
            "server_side_binding": True,
            "prepare_threshold": 3 if _sessions else None,
        },
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or "redis://localhost:6379/0",
    }
}

# --- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
    "reset_password": "accounts.forms.sign_in.AskForResetForm",
    "reset_password_from_key": "accounts.forms.sign_in.ResetForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # every account is made by a link that was sent to its address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that have no account
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key,50/5m/ip"}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.CodeForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.sign_in.ActivateCodeForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: addresses are confirmed by the link that made the account
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Sign-up is by invitation unless an operator opens it (FOUNDATION.md, "Sign-up and mail").
OPEN_SIGN_UP = env.bool("OPEN_SIGN_UP", default=False)
SIGN_UP_DOMAINS = env.list("SIGN_UP_DOMAINS", default=[])
WORKSPACE_CREATION = env.bool("WORKSPACE_CREATION", default=False)

# --- Sessions and transport
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ui.errors.csrf_failure"
_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked over plain http from inside
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if _https else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src-elem": [SELF],
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Static files and attachments
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = ["ui.static.LayerFinder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_FOLDER / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "ui.static.HashedStorage"
    },
}

# --- Mail
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Cradle <cradle@localhost>")

# --- Jobs: the row is the truth, the broker only wakes the worker (FOUNDATION.md, "Jobs").
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "redis://localhost:6379/1")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_TIMEZONE = "UTC"
JOB_SWEEP = env.float("JOB_SWEEP", default=5)  # seconds between two looks for jobs that are due
JOB_LEASE = env.float(
    "JOB_LEASE", default=20
)  # seconds without a sign of life after which another worker takes a job up

# --- Usage: the stream is told to wait when so many events are not counted yet.
USAGE_BACKLOG_LIMIT = env.int("USAGE_BACKLOG_LIMIT", default=5_000_000)
USAGE_RETRY_AFTER = 30
USAGE_PLAN_EVERY = env.float("USAGE_PLAN_EVERY", default=60)  # seconds between two looks for what is to be rolled up

# --- Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["listing.bodies.Json"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.RolePermission"],
    "EXCEPTION_HANDLER": "config.api.explain",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cradle",
    "DESCRIPTION": "Products, plans, feedback and usage of a workspace. The same rules hold as in the browser.",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "DifferenceKind": "roadmap.api.comparisons.KINDS",
        "FactorRole": "roadmap.api.scorecards.ROLES",
        "MemberRole": "listing.people.serializers.ROLES",
        "TokenScope": "accounts.models.token.Scope",
        "ViewScope": "roadmap.api.parts.SCOPES",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "listing.openapi.complete"],
}

SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # TLS is ended by the operator's proxy; SECURE_SSL_REDIRECT turns the redirect on
    *([] if _https else ["security.W004", "security.W012", "security.W016"]),  # plain http on a private network
]
