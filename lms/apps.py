"""The roof: wires the house and looks at it."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = "LMS"

    def ready(self) -> None:
        from lms.exchange import tasks  # noqa: F401 — its errands are known to the outbox
        from lms.operations.routes import check_policies

        register(check_policies, Tags.urls)
