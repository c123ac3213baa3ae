"""The clock of publications."""

from celery import shared_task

from . import services


@shared_task(name="cms.publish_scheduled", ignore_result=True, time_limit=600)
def publish_scheduled() -> None:
    """What is due to be published or withdrawn; rung by the beat."""
    services.publish_due()
