"""The ground floor: what happened."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Formation"

    def ready(self) -> None:
        from courses.shared import walls

        post_migrate.connect(walls.install, sender=self, dispatch_uid="walls.install")
