"""The first floor: what is attested."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"
    verbose_name = "Certification"

    def ready(self) -> None:
        from certification.completion import tasks as completion_tasks  # noqa: F401
        from certification.credentials import tasks as credentials_tasks  # noqa: F401
        from certification.credentials.tasks import on_decision_corrected
        from certification.juries.events import decision_corrected

        decision_corrected.connect(on_decision_corrected, dispatch_uid="credentials.decision_corrected")
