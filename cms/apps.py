"""The second floor: what is told."""

from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Contenus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.signals import page_published, task_submitted

        from cms.hooks import deletion, freezing, lists, media, references
        from cms.pages.signals import deletion_asked, gate_asked, schedule_refused
        from cms.publishing import tasks  # noqa: F401  (hands the outbox its work)

        lists.narrow()
        references.wall_forms()
        page_published.connect(freezing.on_page_published, dispatch_uid="cms.freeze")
        gate_asked.connect(freezing.on_gate_asked, dispatch_uid="cms.gate")
        schedule_refused.connect(freezing.on_schedule_refused, dispatch_uid="cms.schedule_refused")
        # This application is ready before the editor, which sends its mails on the same signal.
        task_submitted.connect(freezing.on_task_submitted, dispatch_uid="cms.settle_approvers")
        deletion_asked.connect(deletion.on_page_delete, dispatch_uid="cms.keep_pages")
        for model in (get_image_model(), get_document_model()):
            pre_delete.connect(
                deletion.on_media_delete, sender=model, dispatch_uid=f"cms.keep_{model.__name__}"
            )
            pre_save.connect(
                media.on_media_save, sender=model, dispatch_uid=f"cms.keep_{model.__name__}_file"
            )
