"""Django's settings, all drawn from the typed environment (`environment.py`)."""

import os

import django

from lms.operations.rgaa import conformity

from .environment import BASE_DIR, database, read, secret

ENV = read(os.environ)

SECRET_KEY = secret(ENV)
SECRET_KEY_FALLBACKS = [key for key in ENV.secret_key_fallbacks.split(",") if key]
DEBUG = ENV.debug == "1"

LMS_MODE = ENV.mode
LMS_PUBLIC_URL = ENV.site_url
LMS_CONTENT_ORIGIN = ENV.content_url
LMS_VAR_DIR = ENV.var_path
LMS_THEME = ENV.theme
LMS_SITE_NAME = ENV.site_name
LMS_CONTACT_EMAIL = ENV.contact_email
# The foot of every page says what the accessibility statement says, from the same file.
LMS_ACCESSIBILITY_STATUS = conformity().words
LMS_TEST_HOOKS = ENV.test_hooks == "1"
LMS_PORT = int(ENV.port)
LMS_XAPI_PROGRESS = ENV.xapi_progress

ALLOWED_HOSTS = [ENV.site_host, ENV.content_host]
CSRF_TRUSTED_ORIGINS = [LMS_PUBLIC_URL]

INSTALLED_APPS = [
    "lms",
    "cms",
    "certification",
    "courses",
    "dsfr",
    "widget_tweaks",
    "axes",
    "wagtail.contrib.typed_table_block",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail.search",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    # The headers first: an unknown host and the content origin’s own refusals bear them too.
    "courses.shared.middleware.RequestIdMiddleware",
    "courses.shared.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "courses.shared.middleware.OriginMiddleware",
    "courses.shared.static.StaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "courses.shared.middleware.RefusalMiddleware",
    "courses.people.middleware.RolesMiddleware",
    "axes.middleware.AxesMiddleware",
]

# Machines with a key of their own need neither session nor page (lms/wsgi.py).
LMS_XAPI_MIDDLEWARE = [
    "courses.shared.middleware.RequestIdMiddleware",
    "courses.shared.middleware.KnownHostMiddleware",
    "courses.shared.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "courses.shared.context.look",
                "lms.reporting.navigation.navigation",
            ],
            "builtins": ["courses.templatetags.lms_format"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(ENV)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "courses.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "courses/people/locked.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = LMS_VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = LMS_VAR_DIR / "media"
# The embedded default serves static files where they are: collecting DSFR takes a minute.
WHITENOISE_USE_FINDERS = not ENV.production
WHITENOISE_AUTOREFRESH = False
# What bears no version in its address (a font named by a style sheet).
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENV.production
        else "courses.shared.static.VersionedStorage"
    },
}

DSFR_USE_INTEGRITY_CHECKSUMS = False

WAGTAIL_SITE_NAME = LMS_SITE_NAME
WAGTAILADMIN_BASE_URL = LMS_PUBLIC_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
# Addresses are typed, read aloud and sent by mail: plain letters.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français")]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# An approval publishes a path with the drafts below it, all or nothing.
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.publishing.approval.publish_approved"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

CELERY_BROKER_URL = ENV.broker_url or "filesystem://"
CELERY_BROKER_CONNECTION_TIMEOUT = 2
_queue = LMS_VAR_DIR / "queue"
# The bell is rung after an act, by the web process: a dead broker must cost its user no time.
_ring_once = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "store_processed": False,
    }
    if not ENV.broker_url
    else {**_ring_once, "visibility_timeout": 3600, "socket_connect_timeout": 2, "socket_timeout": 5}
    if ENV.broker_url.startswith("redis")
    else {**_ring_once, "confirm_publish": True}
)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.production:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if ENV.trusted_proxy == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# On one machine there is no mail server: what would leave is kept in a folder, one file a mail.
_MAIL_FOLDER = {
    "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "OPTIONS": {"file_path": str(LMS_VAR_DIR / "mail")},
}
_MAIL_SERVER = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"timeout": 5}}
if django.VERSION >= (6, 1):
    MAILERS = {"default": _MAIL_SERVER if ENV.production else _MAIL_FOLDER}
else:
    EMAIL_TIMEOUT = 5
    if not ENV.production:
        EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        EMAIL_FILE_PATH = LMS_VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"{LMS_SITE_NAME} <ne-pas-repondre@{ENV.site_host}>"
EMAIL_SUBJECT_PREFIX = ""

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long quiz in the editor; Wagtail’s own advice

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "courses.shared.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "courses.shared.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["context"]},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},
    },
}

# Names of Django 6's own CSP settings; our middleware reads them on 5.2 as well.
_CSP_COMMON = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-src": ["'self'", LMS_CONTENT_ORIGIN],
}
SECURE_CSP = {
    **_CSP_COMMON,
    "script-src": ["'self'", "'nonce-{nonce}'"],
    "style-src": ["'self'", "'nonce-{nonce}'"],
    "frame-ancestors": ["'none'"],
}
# Wagtail's editor writes inline scripts and styles, and frames its own previews.
LMS_EDITOR_CSP = {
    **_CSP_COMMON,
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-ancestors": ["'self'"],
}

SILENCED_SYSTEM_CHECKS = ["security.W004"]
LMS_SOURCE_DIR = BASE_DIR
