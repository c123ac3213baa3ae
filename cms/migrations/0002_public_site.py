"""The public site exists from the first start: a home page and a catalogue under it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOME = "Se former au métier de conseiller numérique"
LEAD = (
    "Parcours initiaux, modules de formation continue, certification : "
    "tout ce que vous suivez ici est prouvé, et vous le gardez."
)
CATALOGUE_LEAD = "Toutes les formations proposées par les organismes du programme."


def open_site(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    content_type = apps.get_model("contenttypes", "ContentType")
    page = apps.get_model("wagtailcore", "Page")
    site = apps.get_model("wagtailcore", "Site")
    locale = apps.get_model("wagtailcore", "Locale").objects.first()
    root = page.objects.get(depth=1)
    site.objects.all().delete()
    page.objects.filter(depth=2, slug="home").delete()

    def types(model: str) -> object:
        return content_type.objects.get_or_create(app_label="cms", model=model)[0]

    home = apps.get_model("cms", "HomePage").objects.create(
        title=HOME, draft_title=HOME, slug="accueil", lead=LEAD, content_type=types("homepage"), locale=locale,
        path=f"{root.path}0001", depth=2, numchild=1, url_path="/accueil/", live=True, body="[]",
    )  # fmt: skip
    apps.get_model("cms", "CataloguePage").objects.create(
        title="Catalogue", draft_title="Catalogue", slug="catalogue", lead=CATALOGUE_LEAD,
        content_type=types("cataloguepage"), locale=locale, path=f"{home.path}0001", depth=3, numchild=0,
        url_path="/accueil/catalogue/", live=True, body="[]",
    )  # fmt: skip
    root.numchild = page.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])
    site.objects.create(hostname="localhost", port=80, root_page_id=home.pk, is_default_site=True, site_name="Contenus")


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial")]
    operations = [migrations.RunPython(open_site, migrations.RunPython.noop)]
