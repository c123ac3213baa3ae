"""Everything an operator may set, read once from the environment, typed and checked.

An unknown `LMS_…` variable, or a value that production must not have, stops the start with one sentence.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parents[2]
BROKERS = ("redis://", "rediss://", "amqp://", "amqps://")


class SettingsError(SystemExit):
    """The configuration is wrong: the process must not start."""


def _setting(variable: str, default: str, doc: str) -> Any:
    return field(default=default, metadata={"variable": variable, "doc": doc})


@dataclass(frozen=True)
class Environment:
    """One attribute for each variable; `metadata` carries its name and its documentation."""

    mode: str = _setting("LMS_MODE", "embedded", "`embedded` (one machine, SQLite) or `production`.")
    database_url: str = _setting(
        "DATABASE_URL", "", "Empty: SQLite under `LMS_VAR_DIR`. Otherwise `postgresql://…`."
    )
    broker_url: str = _setting(
        "CELERY_BROKER_URL", "", "Empty: files under `LMS_VAR_DIR`. Otherwise `redis://…` or `amqp://…`."
    )
    secret_key: str = _setting(
        "SECRET_KEY", "", "Empty in embedded mode: drawn once, kept under `LMS_VAR_DIR`."
    )
    secret_key_fallbacks: str = _setting(
        "SECRET_KEY_FALLBACKS", "", "Former secrets, comma separated, for rotation."
    )
    port: str = _setting("PORT", "8000", "Port of the site; the content origin takes the next one.")
    public_url: str = _setting("LMS_PUBLIC_URL", "", "Address of the site, as printed in QR codes.")
    content_origin: str = _setting(
        "LMS_CONTENT_ORIGIN", "", "Where packages run; never the site’s own origin."
    )
    var_dir: str = _setting("LMS_VAR_DIR", "var", "Everything mutable: database, media, queues, keys.")
    theme: str = _setting("LMS_THEME", "dsfr", "`dsfr` (State sites) or `neutral`.")
    site_name: str = _setting(
        "LMS_SITE_NAME", "Formation des conseillers numériques", "Name shown in the header."
    )
    contact_email: str = _setting(
        "LMS_CONTACT_EMAIL",
        "",
        "Address of those who run the site, shown on its contact page. Empty: none is.",
    )
    debug: str = _setting("LMS_DEBUG", "0", "`1` shows stack traces; refused in production.")
    test_hooks: str = _setting(
        "LMS_TEST_HOOKS", "0", "`1` opens the clock and the fail points; refused in production."
    )
    xapi_progress: str = _setting(
        "LMS_XAPI_PROGRESS",
        "transaction",
        "`transaction`: a statement and the progress it moves are stored together. `coalesced`: the worker counts.",
    )
    prove: str = _setting("LMS_PROVE", "0", "`1` runs the long proofs in full (tests only).")
    trusted_proxy: str = _setting(
        "LMS_TRUSTED_PROXY", "0", "`1` when a proxy sets X-Forwarded-Proto and -For."
    )

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def var_path(self) -> Path:
        return (BASE_DIR / self.var_dir).resolve()

    @property
    def site_url(self) -> str:
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def content_url(self) -> str:
        return (self.content_origin or f"http://127.0.0.1:{int(self.port) + 1}").rstrip("/")

    @property
    def site_host(self) -> str:
        return urlsplit(self.site_url).hostname or ""

    @property
    def content_host(self) -> str:
        return urlsplit(self.content_url).hostname or ""


def read(source: Mapping[str, str]) -> Environment:
    """The environment, or a SettingsError that names the variable."""
    known = {f.metadata["variable"]: f.name for f in fields(Environment)}
    for name in source:
        if name.startswith("LMS_") and name not in known:
            raise SettingsError(f"Unknown setting {name}: see docs/generated/settings.md for the list.")
    environment = Environment(**{known[name]: value for name, value in source.items() if name in known})
    _check(environment)
    return environment


def _check(env: Environment) -> None:
    if env.mode not in {"embedded", "production"}:
        raise SettingsError(f"LMS_MODE is « {env.mode} »: it must be embedded or production.")
    if env.theme not in {"dsfr", "neutral"}:
        raise SettingsError(f"LMS_THEME is « {env.theme} »: it must be dsfr or neutral.")
    if env.xapi_progress not in {"transaction", "coalesced"}:
        raise SettingsError(
            f"LMS_XAPI_PROGRESS is « {env.xapi_progress} »: it must be transaction or coalesced."
        )
    if not (env.port.isascii() and env.port.isdecimal() and 0 < int(env.port) < 65_535):
        raise SettingsError(f"PORT is « {env.port} »: it must be a number between 1 and 65534.")
    _check_flags(env)
    _check_addresses(env)
    if env.broker_url and not env.broker_url.startswith(BROKERS):
        raise SettingsError("CELERY_BROKER_URL must be empty, redis://… or amqp://…")
    if not env.production:
        return
    refusals = {
        "SECRET_KEY is missing or weak (50 characters at least, 10 of them different).": len(env.secret_key)
        < 50
        or len(set(env.secret_key)) < 10
        or env.secret_key.startswith("django-insecure"),
        "LMS_DEBUG must not be set.": env.debug == "1",
        "LMS_TEST_HOOKS must not be set.": env.test_hooks == "1",
        "LMS_PUBLIC_URL must be https://…": not env.public_url.startswith("https://"),
        "LMS_CONTENT_ORIGIN must be https://…": not env.content_origin.startswith("https://"),
        "LMS_CONTENT_ORIGIN must be on another registrable domain than LMS_PUBLIC_URL.": _same_site(
            env.site_host, env.content_host
        ),
        "DATABASE_URL must be postgresql://…": not env.database_url.startswith(
            ("postgres://", "postgresql://")
        ),
        "CELERY_BROKER_URL must be redis://… or amqp://…": not env.broker_url,
    }
    for sentence, refused in refusals.items():
        if refused:
            raise SettingsError(f"Production refuses to start: {sentence}")


def _check_flags(env: Environment) -> None:
    """« true » read as « no » would open a door, or close one, in silence."""
    for setting in fields(Environment):
        if setting.default in {"0", "1"} and getattr(env, setting.name) not in {"0", "1"}:
            raise SettingsError(
                f"{setting.metadata['variable']} is « {getattr(env, setting.name)} »: it must be 0 or 1."
            )


def _check_addresses(env: Environment) -> None:
    """Two bare origins on two hosts: cookies tell neither ports nor schemes apart."""
    for variable, address in (("LMS_PUBLIC_URL", env.site_url), ("LMS_CONTENT_ORIGIN", env.content_url)):
        url = urlsplit(address)
        if (
            url.scheme not in {"http", "https"}
            or not url.hostname
            or url.path
            or url.query
            or "@" in url.netloc
        ):
            raise SettingsError(
                f"{variable} is « {address} »: it must be https://host, and http:// or a port at most."
            )
    if env.site_host == env.content_host:
        raise SettingsError("LMS_CONTENT_ORIGIN is on the site’s own host: packages would read its cookies.")


def _same_site(one: str, other: str) -> bool:
    """Last two labels equal: strict for the suffixes that matter here (gouv.fr sites share theirs)."""
    return one.rsplit(".", 2)[-2:] == other.rsplit(".", 2)[-2:]


def database(env: Environment) -> dict[str, Any]:
    """The Django DATABASES entry."""
    if not env.database_url:
        return _sqlite(env.var_path / "lms.sqlite3")
    url = urlsplit(env.database_url)
    if url.scheme == "sqlite":
        return _sqlite(Path(unquote(url.path)) if url.path else env.var_path / "lms.sqlite3")
    if url.scheme not in {"postgres", "postgresql"}:
        raise SettingsError(f"DATABASE_URL: unknown scheme « {url.scheme} ».")
    return _postgresql(url)


def _postgresql(url: SplitResult) -> dict[str, Any]:
    """As libpq reads it: `?host=/run/postgresql`, `?port=…`, `?dbname=…`; the rest (`?sslmode=…`) goes to libpq."""
    options = dict(parse_qsl(url.query))
    try:
        port = options.pop("port", str(url.port or ""))
    except ValueError as error:
        raise SettingsError("DATABASE_URL: the port must be a number.") from error
    name = options.pop("dbname", unquote(url.path.lstrip("/")))
    if not name:
        raise SettingsError("DATABASE_URL names no database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": options.pop("user", unquote(url.username or "")),
        "PASSWORD": options.pop("password", unquote(url.password or "")),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """WAL and IMMEDIATE: readers never wait, writers queue; FULL: an acknowledged act survives a power cut."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        # Each thread keeps its connection: opening one costs more than most requests.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
            ),
        },
    }


def secret(env: Environment) -> str:
    """The given secret, or in embedded mode one drawn once and kept, readable by its owner only."""
    if env.secret_key:
        return env.secret_key
    path = env.var_path / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()
