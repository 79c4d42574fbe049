"""All settings, from the environment, with defaults that run on one machine with no set-up."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from gancang import keys

BASE_DIR = Path(__file__).resolve().parent
VAR = Path(os.environ.get("GANCANG_VAR", "var")).resolve()
KEYS = keys.read(VAR)
# Without keys only checks and migrations can run: nothing can be sealed, nobody stays logged in.
SECRET_KEY = KEYS.secret if KEYS else secrets.token_urlsafe(48)
DEBUG = False
DEMO = os.environ.get("GANCANG_DEMO") == "1"
TESTING = "pytest" in sys.modules
ALLOWED_HOSTS = os.environ.get("GANCANG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# The public address, for links in letters: https://antar.kabupaten.go.id
PUBLIC_URL = os.environ.get("GANCANG_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # one long shift
SESSION_IDLE_MINUTES = int(os.environ.get("GANCANG_IDLE_MINUTES", "120"))  # not for riders
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "procrastinate.contrib.django",
    "gancang.web",
    "gancang.vault",
    "gancang.audit",
    "gancang.outbox",
    "gancang.regions",
    "gancang.maps",
    "gancang.accounts",
    "gancang.addresses",
    "gancang.residents",
    "gancang.ledger",
    "gancang.formulary",
    "gancang.purchases",
    "gancang.menus",
    "gancang.shops",
    "gancang.qris",
    "gancang.programmes",
    "gancang.enrolment",
    "gancang.reach",
    "gancang.orders",
    "gancang.trips",
    "gancang.fleet",
    "gancang.cash",
    "gancang.settlement",
    "gancang.closing",
    "gancang.incidents",
    "gancang.dispatch",
    "gancang.contact",
    "gancang.medicine",
    "gancang.parcels",
    "gancang.fulfilment",
    "gancang.cards",
    "gancang.food",
    "gancang.vouchers",
    "gancang.later",
    "gancang.servings",
    "gancang.paperwork",
    "gancang.figures",
    "gancang.forecast",
    "gancang.watch",
    "gancang.repeats",
    "gancang.inspection",
    "gancang.callbacks",
    "gancang.complaints",
    "gancang.overview",
    "gancang.demo",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("gancang.") or (BASE_DIR / app.split(".")[1] / "__init__.py").exists()
]

MIDDLEWARE = [
    "gancang.web.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "gancang.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # below static files, which lie compressed already
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gancang.accounts.doors.membership",
    "gancang.web.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gancang.web.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "gancang.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "gancang.navigation.menu",
            ],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """Django's description of the PostgreSQL that `url` names."""
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    described: dict[str, Any] = {known[k]: v for k, v in parts.items() if k in known}
    rest = {k: v for k, v in parts.items() if k not in known and k != "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": rest,
        **described,
    }


# cli.py and manage.py start the embedded server and name it here when nobody named another.
DATABASES = {"default": database(os.environ.get("DATABASE_URL", "dbname=gancang"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "gancang.accounts.second_factor.CodeBackend",
]
PASSWORD_HASHERS = ["gancang.accounts.hashing.Patient"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "gancang.accounts.pages.locked_out"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]  # beside the password

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# `serve` and `demo` collect, hash and compress at start; tests read the sources as they are.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A CSV of ten thousand prescriptions is some 3 MB; anything far larger is refused unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# Label printers (ESC/POS) in the houses' own networks: "rsud-x=10.0.0.5:9100,rsud-y=10.0.1.5".
LABEL_PRINTERS = dict(
    each.strip().split("=", 1)
    for each in os.environ.get("GANCANG_LABEL_PRINTERS", "").split(",")
    if "=" in each
)

# Gateways for letters. Without any a letter is a file in this folder.
LETTERS_DIR = VAR / "letters"
SMS_URL = os.environ.get("GANCANG_SMS_URL", "")
SMS_TOKEN = os.environ.get("GANCANG_SMS_TOKEN", "")
SMS_SECRET = os.environ.get("GANCANG_SMS_SECRET", "")  # signs what the gateway tells us
SMS_PART_RP = int(os.environ.get("GANCANG_SMS_PART_RP", "0"))
WHATSAPP_URL = os.environ.get("GANCANG_WHATSAPP_URL", "https://graph.facebook.com/v23.0")
WHATSAPP_NUMBER_ID = os.environ.get("GANCANG_WHATSAPP_NUMBER_ID", "")
WHATSAPP_TOKEN = os.environ.get("GANCANG_WHATSAPP_TOKEN", "")
WHATSAPP_SECRET = os.environ.get("GANCANG_WHATSAPP_SECRET", "")  # the app's secret
WHATSAPP_VERIFY = os.environ.get("GANCANG_WHATSAPP_VERIFY", "")  # our word at the first knock
WHATSAPP_TEMPLATE = os.environ.get("GANCANG_WHATSAPP_TEMPLATE", "")
WHATSAPP_MESSAGE_RP = int(os.environ.get("GANCANG_WHATSAPP_MESSAGE_RP", "0"))

# A QRIS gateway that speaks SNAP, and the region (official code) that has the agreement with it.
QRIS_REGION = os.environ.get("GANCANG_QRIS_REGION", "")
QRIS_SNAP_URL = os.environ.get("GANCANG_QRIS_SNAP_URL", "")
QRIS_SNAP_PARTNER_ID = os.environ.get("GANCANG_QRIS_SNAP_PARTNER_ID", "")
QRIS_SNAP_MERCHANT_ID = os.environ.get("GANCANG_QRIS_SNAP_MERCHANT_ID", "")
QRIS_SNAP_PRIVATE_KEY = os.environ.get("GANCANG_QRIS_SNAP_PRIVATE_KEY", "")  # our PEM file
QRIS_SNAP_PUBLIC_KEY = os.environ.get("GANCANG_QRIS_SNAP_PUBLIC_KEY", "")  # the gateway's
LOGGING_CONFIG = None  # live/logs.py writes JSON lines when the server runs
CSRF_FAILURE_VIEW = "gancang.web.pages.csrf_failed"
