"""How the house is switched on. Every outside value comes from `environment.py`; nothing set means safe."""

from allmende.config.environment import ROOT, Environment
from allmende.ground.rooms import ROOMS

ENV = Environment()

DEBUG = ENV.debug
TESTING = ENV.testing
SECRET_KEY = ENV.secret_key()
ALLOWED_HOSTS = ENV.hosts
VAR = ENV.var

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_tasks",
    "django_tasks_db",
    *(f"allmende.{room}" for room in ROOMS),
    # after the rooms, so that their templates stand in for allauth's own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    *(["allauth.socialaccount.providers.openid_connect"] if ENV.oidc_is_on else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "allmende.web.middleware.headers",  # before the static files, which are answered by the next
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "allmende.web.short.anonymous",
    "allmende.web.middleware.Gzip",
    "csp.middleware.CSPMiddleware",
    "allmende.web.middleware.language",
    "allmende.web.middleware.clean_input",
    "allmende.web.middleware.private_when_signed_in",
    "django.middleware.common.CommonMiddleware",
    "allmende.web.replicas.Replicas",  # around all that asks the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "allmende.web.replicas.sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allmende.web.middleware.Refusals",
    "allmende.web.middleware.remembering",
]

ROOT_URLCONF = "allmende.config.urls"
WSGI_APPLICATION = "allmende.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allmende.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "allmende.web.templatetags.web"],
        },
    }
]

DATABASES = {"default": ENV.database(), **ENV.replicas()}
REPLICAS = list(ENV.replicas())  # no router: a reading request has one of them in place of the default (ADR 0019)
REPLICA_LAG = ENV.replica_lag  # seconds
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "allmende",
        "OPTIONS": {"MAX_ENTRIES": 2_000},  # counts of the map (some 20 kB each) and the buckets of the rate limits
    }
}

# Work in the background: rows in our own database, written in the transaction of the change (ADR 0008). In tests too: queue.run_all().
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}}

# Every mail is first a letter in the outbox, then a task brings it away: to a mail server, or to var/mail and the worker's console.
EMAIL_BACKEND = "allmende.ground.outbox.Outbox"
DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if ENV.smtp_url else "allmende.ground.delivery.Files"
DELIVERY_OPTIONS = ENV.smtp()
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.sender()
LINK_ADDRESS = ENV.link_address()
BOUNCE_ADDRESS = ENV.bounce_address
BOUNCES = ENV.bounces

# People sign in by e-mail (ADR 0009); hashes by Argon2.
AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allmende.people.adapter.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:mine"
LOGOUT_REDIRECT_URL = "home:start"
ACCOUNT_ADAPTER = "allmende.people.adapter.Account"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without a password people sign in by code or passkey
ACCOUNT_SIGNUP_FORM_CLASS = "allmende.people.forms.SignUp"
ACCOUNT_FORMS = {
    "login": "allmende.people.account_forms.SignIn",
    "signup": "allmende.people.account_forms.Register",
    "reset_password": "allmende.people.account_forms.ForgotPassword",
    "request_login_code": "allmende.people.account_forms.AskForCode",
    "change_password": "allmende.people.account_forms.ChangePassword",
    "set_password": "allmende.people.account_forms.SetPassword",
    "reset_password_from_key": "allmende.people.account_forms.ResetPassword",
    "reauthenticate": "allmende.people.account_forms.Reauthenticate",
    "add_email": "allmende.people.account_forms.ChangeAddress",
    "confirm_login_code": "allmende.people.account_forms.LoginCode",
    "confirm_email_verification_code": "allmende.people.account_forms.AddressCode",
    "confirm_password_reset_code": "allmende.people.account_forms.PasswordCode",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # mail may take its time
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one address at a time; the new one counts once it is confirmed
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail whenever password, address or second factor change
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV.https else "http"
MFA_ADAPTER = "allmende.people.adapter.SecondStep"
MFA_FORMS = {
    "authenticate": "allmende.people.account_forms.AppCode",
    "reauthenticate": "allmende.people.account_forms.AppCodeAgain",
    "activate_totp": "allmende.people.account_forms.StartApp",
    "login_webauthn": "allmende.people.account_forms.PasskeySignIn",
    "authenticate_webauthn": "allmende.people.account_forms.PasskeyStep",
    "reauthenticate_webauthn": "allmende.people.account_forms.PasskeyAgain",
    "add_webauthn": "allmende.people.account_forms.AddPasskey",
    "edit_webauthn": "allmende.people.account_forms.NamePasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = ENV.site_name
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are off by some seconds
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.https  # browsers allow passkeys without TLS on localhost only
SOCIALACCOUNT_ADAPTER = "allmende.people.adapter.Social"
SOCIALACCOUNT_AUTO_SIGNUP = False  # nobody gets an account without having been asked
SOCIALACCOUNT_PROVIDERS = ENV.oidc_providers()

# German first, English second. German addresses have no prefix, English ones begin with /en/ (ADR 0003): no language cookie.
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
FORMAT_MODULE_PATH = ["allmende.config.formats"]
LOCALE_PATHS = [ROOT / "src" / "allmende" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.var / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV.testing
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENV.testing
WHITENOISE_AUTOREFRESH = ENV.testing
WHITENOISE_MIMETYPES = {".mjs": "text/javascript"}
MEDIA_ROOT = ENV.var / "media"

# What a page may load: only this house. A configured map server joins by its own setting.
_MAP_HOSTS = [url.split("/", 3)[0] + "//" + url.split("/", 3)[2] for url in (ENV.map_style, ENV.tile_url) if "://" in url]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_MAP_HOSTS],
        "font-src": ["'self'", *_MAP_HOSTS],
        "connect-src": ["'self'", *_MAP_HOSTS],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'", *ENV.oidc_origins()],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
EMBED_HOSTS = ENV.embed_hosts

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "allmende.web.errors.csrf_failed"
SESSION_COOKIE_NAME = "allmende_sitzung"
CSRF_COOKIE_NAME = "allmende_csrf"
CSRF_COOKIE_AGE = None  # gone with the browser window
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENV.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes inside the machine speak plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400  # the options of a large ballot: a hundred, each with name, details and cost

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"allmende": {"level": "INFO"}},
}

API_RATE = ENV.api_rate  # requests a minute from one client; 0 is no limit

LINK_CHECKS = ENV.link_checks  # websites of entries looked at every night; 0 is none: the house asks no foreign server
ASK_UNCLAIMED = ENV.ask_unclaimed  # whether organisations nobody speaks for are asked at the address of their entry

# What the operator says of the house.
ADDRESS = ENV.address
SITE_NAME = ENV.site_name
SITE_CLAIM = ENV.site_claim
OPERATOR = ENV.operator
CONTACT = ENV.contact
MAP_STYLE = ENV.map_style
TILE_URL = ENV.tile_url
TILE_CREDIT = ENV.tile_credit
