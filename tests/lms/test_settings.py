"""What an operator may set, and what stops the start with one sentence (R-66)."""

import os
import subprocess
import sys

import pytest

from lms.settings.environment import SettingsError, database, read, secret
from tests.environment import ROOT

STRONG = "k3vq-LrT9_wZx2Nn8YbHs5-JdM0cGfUa7PeQoViS1tRyKuXz4Bw6"
PRODUCTION = {
    "LMS_MODE": "production",
    "SECRET_KEY": STRONG,
    "LMS_PUBLIC_URL": "https://formation.exemple.fr",
    "LMS_CONTENT_ORIGIN": "https://contenus.exemple-contenus.fr",
    "DATABASE_URL": "postgresql://lms:mot%40passe@bd.exemple.fr:5433/lms",
    "CELERY_BROKER_URL": "amqps://lms:secret@file.exemple.fr//",
}


def test_nothing_set_is_the_embedded_default():
    env = read({})

    assert (env.mode, env.production) == ("embedded", False)
    assert env.site_url == "http://localhost:8000"
    assert env.content_url == "http://127.0.0.1:8001"
    assert database(env)["ENGINE"] == "django.db.backends.sqlite3"


def test_the_content_origin_takes_the_next_port():
    assert read({"PORT": "9000"}).content_url == "http://127.0.0.1:9001"


def test_a_production_that_has_everything_starts():
    assert read(PRODUCTION).production


@pytest.mark.parametrize("name", ["LMS_PUBLICURL", "LMS_", "LMS_debug"])
def test_an_unknown_setting_stops_the_start_and_is_named(name):
    with pytest.raises(SettingsError, match=f"Unknown setting {name}:"):
        read({name: "1"})


def test_other_programs_variables_are_theirs():
    read({"PATH": "/bin", "LMSX": "1", "CELERY_OTHER": "x"})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"LMS_MODE": "prod"}, "LMS_MODE is « prod »"),
        ({"LMS_THEME": "pink"}, "LMS_THEME is « pink »"),
        ({"PORT": "http"}, "PORT is « http »"),
        ({"PORT": "-1"}, "PORT is « -1 »"),
        ({"PORT": "65535"}, "PORT is « 65535 »"),
        ({"PORT": "٨٠٠٠"}, "PORT is"),
        ({"LMS_DEBUG": "true"}, "LMS_DEBUG is « true »"),
        ({"LMS_TEST_HOOKS": "yes"}, "LMS_TEST_HOOKS is « yes »"),
        ({"LMS_TRUSTED_PROXY": ""}, "LMS_TRUSTED_PROXY is «  »"),
        ({"LMS_PUBLIC_URL": "formation.exemple.fr"}, "LMS_PUBLIC_URL is"),
        ({"LMS_PUBLIC_URL": "https://formation.exemple.fr/lms"}, "LMS_PUBLIC_URL is"),
        ({"LMS_CONTENT_ORIGIN": "javascript:alert(1)"}, "LMS_CONTENT_ORIGIN is"),
        ({"CELERY_BROKER_URL": "memory://"}, "CELERY_BROKER_URL must be"),
    ],
)
def test_a_value_without_meaning_stops_the_start(given, sentence):
    with pytest.raises(SettingsError, match=sentence):
        read(given)


@pytest.mark.parametrize(
    ("site", "content"),
    [
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://localhost:8000", "http://localhost:8001"),
        ("http://localhost:8000", "http://LOCALHOST:8001"),
        ("https://lms.exemple.fr", "http://lms.exemple.fr"),
    ],
    ids=["same origin", "another port", "another case", "another scheme"],
)
def test_packages_never_run_where_the_site_keeps_its_cookies(site, content):
    # Cookies tell hosts apart, neither ports nor schemes.
    with pytest.raises(SettingsError, match="LMS_CONTENT_ORIGIN is on the site’s own host"):
        read({"LMS_PUBLIC_URL": site, "LMS_CONTENT_ORIGIN": content})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": STRONG[:49]}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "django-insecure-" + STRONG}, "SECRET_KEY is missing or weak"),
        ({"LMS_DEBUG": "1"}, "LMS_DEBUG must not be set"),
        ({"LMS_TEST_HOOKS": "1"}, "LMS_TEST_HOOKS must not be set"),
        ({"LMS_PUBLIC_URL": "http://formation.exemple.fr"}, "LMS_PUBLIC_URL must be https"),
        ({"LMS_PUBLIC_URL": ""}, "LMS_PUBLIC_URL must be https"),
        ({"LMS_CONTENT_ORIGIN": "http://contenus.exemple-contenus.fr"}, "LMS_CONTENT_ORIGIN must be https"),
        ({"LMS_CONTENT_ORIGIN": ""}, "LMS_CONTENT_ORIGIN must be https"),
        ({"LMS_CONTENT_ORIGIN": "https://contenus.exemple.fr"}, "another registrable domain"),
        ({"DATABASE_URL": ""}, "DATABASE_URL must be postgresql"),
        ({"DATABASE_URL": "sqlite:///srv/lms.sqlite3"}, "DATABASE_URL must be postgresql"),
        ({"CELERY_BROKER_URL": ""}, "CELERY_BROKER_URL must be redis"),
    ],
)
def test_production_refuses(change, sentence):
    with pytest.raises(SettingsError, match=sentence):
        read(PRODUCTION | change)


def test_the_refusal_is_one_sentence_and_not_a_trace():
    """As the operator sees it: the process stops, and says why on standard error."""
    environment = {"PATH": os.environ["PATH"], "LMS_OOPS": "1"}

    stopped = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert stopped.returncode == 1
    assert stopped.stderr.strip() == "Unknown setting LMS_OOPS: see docs/generated/settings.md for the list."


class TestDatabaseUrl:
    def test_each_part_finds_its_place(self):
        entry = database(read(PRODUCTION))

        assert entry["ENGINE"] == "django.db.backends.postgresql"
        assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("bd.exemple.fr", "5433", "lms")
        assert (entry["USER"], entry["PASSWORD"]) == ("lms", "mot@passe")

    def test_a_socket_is_named_as_libpq_does(self):
        entry = database(read({"DATABASE_URL": "postgresql:///lms?host=/run/postgresql&user=lms&port=5434"}))

        assert (entry["HOST"], entry["PORT"], entry["USER"]) == ("/run/postgresql", "5434", "lms")
        assert (entry["NAME"], entry["OPTIONS"]) == ("lms", {})

    def test_a_socket_may_stand_in_the_host_as_well(self):
        entry = database(read({"DATABASE_URL": "postgresql://lms@%2Frun%2Fpostgresql/lms"}))

        assert (entry["HOST"], entry["USER"], entry["NAME"]) == ("/run/postgresql", "lms", "lms")

    def test_the_other_options_go_to_libpq(self):
        entry = database(read({"DATABASE_URL": "postgres://bd/lms?sslmode=verify-full&connect_timeout=3"}))

        assert entry["OPTIONS"] == {"sslmode": "verify-full", "connect_timeout": "3"}

    def test_sqlite_may_be_named_by_its_path(self):
        assert database(read({"DATABASE_URL": "sqlite:///srv/a%20b.sqlite3"}))["NAME"] == "/srv/a b.sqlite3"
        assert (
            database(read({"DATABASE_URL": "sqlite://", "LMS_VAR_DIR": "/srv"}))["NAME"] == "/srv/lms.sqlite3"
        )

    def test_sqlite_queues_its_writers_and_survives_a_power_cut(self):
        options = database(read({}))["OPTIONS"]

        assert options["transaction_mode"] == "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            assert f"PRAGMA {pragma};" in options["init_command"]

    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            ("mysql://bd/lms", "unknown scheme « mysql »"),
            ("postgresql://bd:abc/lms", "the port must be a number"),
            ("postgresql://bd/", "names no database"),
        ],
    )
    def test_what_names_no_database_is_refused(self, url, sentence):
        with pytest.raises(SettingsError, match=sentence):
            database(read({"DATABASE_URL": url}))


def test_the_secret_of_the_embedded_default_is_drawn_once_for_its_owner_only(tmp_path):
    env = read({"LMS_VAR_DIR": str(tmp_path / "new")})

    drawn = secret(env)

    assert len(drawn) > 50
    assert secret(env) == drawn
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert secret(read({"SECRET_KEY": "given"})) == "given"


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6379/3", "amqp://guest:guest@127.0.0.1:5672//"])
def test_the_broker_named_by_the_environment_is_the_one_of_celery(url, tmp_path):
    script = "from lms.celery import app; print(app.conf.broker_url, app.conf.broker_transport_options['max_retries'])"
    environment = {"PATH": os.environ["PATH"], "CELERY_BROKER_URL": url, "LMS_VAR_DIR": str(tmp_path)}

    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert told.stdout.split() == [url, "1"]
