"""How the editor lays out each page type: what is told, what the public reads of it, how it is published."""

from typing import Any

from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.models import Page

TITLE = list(Page.content_panels)
BODY = FieldPanel("body")

_ADDRESS = MultiFieldPanel(
    ["slug", "seo_title", "search_description"],
    heading="Adresse et moteurs de recherche",
    help_text="Remplis d’après le titre si vous n’y touchez pas.",
    classname="collapsed",
)
_KEPT = HelpPanel(template="cms/editor/kept_reports.html", heading="Contrôles gardés")


def _tabs(content: list[Any], public: list[Any] | None = None, publication: list[Any] | None = None) -> Any:
    parts = [ObjectList(content, heading="Contenu")]
    if public:
        parts.append(ObjectList(public, heading="Informations publiques"))
    dated = [*(publication or []), *Page.settings_panels, _ADDRESS, _KEPT]
    parts.append(ObjectList(dated, heading="Publication"))
    return TabbedInterface(parts)


def plain(*fields: str) -> Any:
    """A page of the site: its title, these fields, its body."""
    return _tabs([*TITLE, *(FieldPanel(name) for name in fields), BODY])


PATH = _tabs(
    [
        *TITLE,
        FieldPanel("kind"),
        FieldPanel("objectives"),
        FieldPanel("contact"),
        FieldPanel("due_days"),
        BODY,
    ],
    [
        HelpPanel(
            "Le catalogue montre ces informations. La loi les demande à tout organisme de formation "
            "(Code du travail, art. L. 6353-8\u00a0; Qualiopi, indicateur 1)."
        ),
        FieldPanel(
            "audience",
            help_text="À qui ce parcours s’adresse, et ce qu’il faut savoir faire avant d’y entrer.",
        ),
        FieldPanel(
            "access_delay",
            help_text="Entre l’inscription et l’entrée. Exemple\u00a0: «\u00a015 jours avant la séance\u00a0».",
        ),
        FieldPanel(
            "methods", help_text="Comment on apprend\u00a0: exposés, ateliers, travail à distance, matériel."
        ),
        FieldPanel("assessment", help_text="Comment les acquis sont vérifiés, et quand."),
        FieldPanel(
            "disability_access",
            help_text="Ce qui est adapté, et à qui le demander\u00a0: référent handicap, courriel.",
        ),
        MultiFieldPanel(["theme", "mission", "level"], heading="Place dans le catalogue"),
    ],
    [
        FieldPanel("national"),
        FieldPanel("offer_to_enrolled"),
    ],
)

MODULE_SET = _tabs(
    [
        *TITLE,
        MultiFieldPanel(
            [FieldRowPanel(["rule", "need"]), "ordered", "optional", "due_days"],
            heading="Ce qui est demandé",
            help_text="«\u00a0Combien\u00a0» se remplit pour un nombre d’éléments ou d’heures\u00a0; "
            "laissez 0 pour tout l’ensemble.",
        ),
    ]
)

MODULE = _tabs(
    [
        *TITLE,
        FieldPanel("objectives"),
        FieldPanel("competences"),
        MultiFieldPanel(
            [FieldRowPanel(["minutes", "taught_minutes"]), FieldRowPanel(["placement_minutes", "mode"])],
            heading="Durées",
            help_text="La durée annoncée est la somme des séances, du stage et des leçons à distance.",
        ),
        FieldPanel("completion_rule"),
        FieldPanel("contact"),
        MultiFieldPanel(
            ["optional", "requires", "equivalents", "due_days"],
            heading="Place dans le parcours",
            classname="collapsed",
        ),
        BODY,
    ]
)

LESSON = _tabs(
    [
        *TITLE,
        FieldPanel("minutes"),
        BODY,
        FieldPanel("contact", help_text="Laissez vide pour reprendre le contact du module."),
    ]
)
