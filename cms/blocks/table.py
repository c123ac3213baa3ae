"""Tables that every reader can follow: a caption, headed columns, headed rows."""

from typing import Any

from django.forms.utils import ErrorList
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError

from .text import INLINE


class CellsBlock(TypedTableBlock):
    """A table whose caption and headings are asked for."""

    text = blocks.CharBlock(label="Texte", required=False)
    rich = blocks.RichTextBlock(label="Texte mis en forme", features=INLINE, required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        faults = []
        if not (cleaned.caption or "").strip():
            faults.append("Donnez un titre au tableau\u00a0: il dit ce qu’on y lit.")
        if not cleaned.columns or not cleaned.row_data:
            faults.append("Un tableau a au moins une colonne et une ligne.")
        if any(not (column["heading"] or "").strip() for column in cleaned.columns):
            faults.append("Donnez un intitulé à chaque colonne.")
        if faults and not self.is_deferred_validation:
            raise TypedTableBlockValidationError(non_block_errors=ErrorList(faults))
        return cleaned


class TableBlock(blocks.StructBlock):
    """A table, its first column naming the rows."""

    table = CellsBlock(label="Tableau")
    headed_rows = blocks.BooleanBlock(
        label="La première colonne nomme les lignes",
        default=True,
        required=False,
        help_text="Un lecteur d’écran répète alors le nom de la ligne à chaque case.",
    )

    class Meta:
        label = "Tableau"
        icon = "table"
        description = "Tableau titré, aux colonnes nommées."
        template = "cms/blocks/table.html"
        preview_value = {
            "headed_rows": True,
            "table": {
                "caption": "Trois façons de garder un mot de passe",
                "columns": [
                    {"type": "text", "heading": "Moyen"},
                    {"type": "text", "heading": "Avantage"},
                    {"type": "text", "heading": "Limite"},
                ],
                "rows": [
                    {"values": ["Carnet", "Sans appareil", "Se perd"]},
                    {"values": ["Gestionnaire", "Une seule phrase à retenir", "Demande à être sauvegardé"]},
                ],
            },
        }
