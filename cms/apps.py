"""The second floor: what is told."""

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Contenus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.signals import page_published

        from cms.hooks import deletion, freezing
        from cms.pages.models import deletion_asked

        page_published.connect(freezing.on_page_published, dispatch_uid="cms.freeze")
        deletion_asked.connect(deletion.on_page_delete, dispatch_uid="cms.keep_pages")
        for model in (get_image_model(), get_document_model()):
            pre_delete.connect(
                deletion.on_media_delete, sender=model, dispatch_uid=f"cms.keep_{model.__name__}"
            )
