"""The postman: rings, and the sweep that forgets nobody."""

from celery import shared_task

from . import services


@shared_task(
    name="outbox.drain", acks_late=True, reject_on_worker_lost=True, ignore_result=True, time_limit=600
)
def drain_outbox() -> int:
    """Do what is due now; rung after each act and by the beat every few seconds."""
    return services.drain()
