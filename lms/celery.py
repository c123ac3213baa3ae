"""The Celery application: a doorbell for the outbox, and a beat."""

import os
from pathlib import Path

from celery import Celery

from .schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
for folder in app.conf.broker_transport_options.values():
    # The embedded broker is folders; they must exist before the first message.
    if isinstance(folder, str):
        Path(folder).mkdir(parents=True, exist_ok=True)
app.autodiscover_tasks(["cms.publishing", "courses.outbox", "courses.xapi", "courses.xapi.forwarding"])
