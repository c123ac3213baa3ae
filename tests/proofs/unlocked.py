"""The site with the store's head lock switched off, for the control of INV-10: what would then be seen.

The head still gives every number once, but in a transaction of its own: writers no longer wait for each other. A head
held in the writer's own transaction would make that second one wait for ever, so nobody holds it here.
"""

import random
import time
from datetime import datetime

import psycopg
from django.db import connection

from lms.wsgi import application

# isort: split
# The application has loaded the apps: models may now be imported.
from courses.xapi import store
from courses.xapi.models import StoreHead

__all__ = ["application"]

_MAKE = (
    "INSERT INTO courses_storehead (id, sequence, stored, projected, voids, unmet_voids) "
    "VALUES (1, 0, %s, 0, 0, 0) ON CONFLICT DO NOTHING"
)
_MOVE = (
    "UPDATE courses_storehead SET sequence = sequence + %s, projected = sequence + %s, "
    "stored = GREATEST(stored, %s) WHERE id = 1 RETURNING sequence, stored"
)


def _take_turn(count: int, at: datetime) -> store._Turn:
    parameters = connection.get_connection_params()
    wanted = {
        name: parameters[name]
        for name in ("host", "port", "user", "password", "dbname")
        if parameters.get(name)
    }
    with psycopg.connect(**wanted, autocommit=True) as aside:
        aside.execute(_MAKE, [at])
        found = aside.execute(_MOVE, [count, count, at]).fetchone()
    assert found is not None
    time.sleep(random.uniform(0, 0.02))
    return store._Turn(found[0] - count + 1, found[1], 0, False)


store._take_turn = _take_turn
StoreHead.objects.hold = lambda: None
