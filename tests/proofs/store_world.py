"""What has to run within an instance of a proof: `python -m tests.proofs.store_world JOB`, in its environment."""

import json
import select
import sys
from collections.abc import Callable
from typing import Any

import django

KEY = "preuve"  # the same in every database: the names that a projection is made of are then the same too


def prepare() -> dict[str, Any]:
    """Migrate, then one organisation and one key that may do everything there."""
    from django.core.management import call_command

    from courses import api
    from courses.models import LrsKey
    from tests.factories import NOON, a_training_organisation, root

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference", verbosity=0)
    key, secret = api.create_lrs_key(
        organisation=a_training_organisation(), scopes=["all"], actor=root(), at=NOON
    )
    LrsKey.objects.filter(pk=key.pk).update(key=KEY)
    return {"secret": secret}


def count() -> dict[str, Any]:
    """Count what no writer counted, as the worker does, until the input closes; then all that is left."""
    from courses.xapi import progress

    counted = 0
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        counted += progress.catch_up(limit=100)
    while more := progress.catch_up():
        counted += more
    return {"counted": counted}


JOBS: dict[str, Callable[[], dict[str, Any]]] = {"prepare": prepare, "count": count}

if __name__ == "__main__":
    django.setup()
    print(json.dumps(JOBS[sys.argv[1]]()))  # noqa: T201
