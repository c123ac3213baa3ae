"""The roof. Celery’s application is made here, so that `shared_task` finds it wherever Django starts."""

from .celery import app as celery_app

__all__ = ["celery_app"]
