"""The postman: counts what no writer counted."""

from celery import shared_task

from . import progress


@shared_task(name="xapi.count", ignore_result=True, time_limit=600)
def count_statements() -> int:
    """Bring progress up to the head of the store; returns how many statements were counted."""
    total = 0
    while counted := progress.catch_up():
        total += counted
    return total
