"""The screens of the record store, filled and empty, in both themes: dressed, titled, accessible."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from courses import api as courses
from courses.models import DeadLetter, ExternalStore, QuarantineEntry, Statement
from tests import factories
from tests.browser.screens import assert_good_screen

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = ("statements_view", "quarantine", "lrs_keys", "external_stores")


@pytest.mark.parametrize("theme", ["dsfr", "neutral"])
def test_screens_of_the_record_store_are_good(
    page_for: Callable[..., Page], settings: Any, theme: str
) -> None:
    settings.LMS_THEME = theme
    organisation = factories.a_training_organisation()
    manager = factories.a_user("organisation_manager", organisation)
    page = page_for(manager)

    # Empty, they are made of the same pieces in both themes: once is enough.
    for filled in (False, True) if theme == "dsfr" else (True,):
        addresses = _fill(organisation, manager) if filled else [reverse(name) for name in LISTS]
        for address in addresses:
            answer = page.goto(address)
            assert (answer and answer.status) == 200, address
            assert_good_screen(page)


def _fill(organisation: Any, manager: Any) -> list[str]:
    """A key that has sent a stranger's statement, a store that refused it and one that is out of order: their pages."""
    now = timezone.now()
    common = {"organisation": organisation, "actor": manager, "at": now}
    key, _ = courses.create_lrs_key(scopes=["all"], name="Outil fictif", **common)
    courses.create_lrs_key(scopes=[], name="Clé passée", lifetime=timedelta(seconds=-1), **common)
    sent = {
        "actor": {"mbox": "mailto:inconnu@exemple.invalid"},
        "verb": {"id": courses.VERBS["completed"].iri, "display": {"fr": "a achevé"}},
        "object": {"id": "https://outil.exemple.invalid/1", "definition": {"name": {"fr": "Module fictif"}}},
    }
    courses.ingest(raw=json.dumps(sent).encode(), credential=key, at=now)
    stores = [
        courses.create_external_store(
            code=code, name=f"Magasin {code}", endpoint="https://magasin.exemple.invalid/xapi/", key="k", secret="s",
            **common,
        )
        for code in ("refusant", "arrete", "en-panne")
    ]  # fmt: skip
    courses.set_external_store_active(store_id=stores[1].pk, active=False, actor=manager, at=now)
    ExternalStore.objects.filter(pk=stores[2].pk).update(failures=3, last_error="Le magasin ne répond pas.")
    statement = Statement.objects.get(credential=key)
    letter = DeadLetter.objects.create(
        store=stores[0], statement=statement, status=400, cause="Verbe refusé.", at=now
    )
    return [
        *(reverse(name) for name in LISTS),
        reverse("statement_view", args=[statement.uuid]),
        reverse("statement_void", args=[statement.uuid]),
        *(reverse("quarantine_entry", args=[one.pk]) for one in QuarantineEntry.objects.all()),
        reverse("lrs_key", args=[key.key]),
        reverse("lrs_key_new"),
        reverse("lrs_key_revoke", args=[key.key]),
        reverse("external_store_new"),
        *(reverse("dead_letters", args=[store.pk]) for store in stores[:2]),
        reverse("dead_letter", args=[letter.pk]),
    ]
