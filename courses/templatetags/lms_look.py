"""The pieces of a page: badges, rings, tables, forms, timelines. Their markup is in shared/partials."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BaseForm, BoundField
from django.forms import widgets as w
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from courses.shared.context import Look, current_look

register = template.Library()

# state → (word, icon, colour): the word says it, the icon's shape repeats it, colour comes last.
STATES: dict[str, tuple[str, str, str]] = {
    "todo": ("À faire", "fr-icon-circle-line", "grey"),
    "draft": ("Brouillon", "fr-icon-draft-line", "grey"),
    "planned": ("Prévu", "fr-icon-calendar-line", "info"),
    "open": ("Ouvert", "fr-icon-lock-unlock-line", "info"),
    "in_progress": ("En cours", "fr-icon-play-circle-line", "info"),
    "submitted": ("Déposé", "fr-icon-send-plane-line", "info"),
    "waiting": ("En attente", "fr-icon-time-line", "warning"),
    "closed": ("Clos", "fr-icon-lock-line", "grey"),
    "passed": ("Obtenu", "fr-icon-checkbox-circle-fill", "success"),
    "signed": ("Signé", "fr-icon-checkbox-circle-fill", "success"),
    "valid": ("Valide", "fr-icon-checkbox-circle-fill", "success"),
    "paid": ("Payé", "fr-icon-checkbox-circle-fill", "success"),
    "partial": ("En partie", "fr-icon-contrast-line", "warning"),
    "expired": ("Expiré", "fr-icon-timer-line", "warning"),
    "refused": ("Refusé", "fr-icon-close-circle-fill", "error"),
    "missing": ("Manquant", "fr-icon-error-warning-line", "error"),
    "revoked": ("Révoqué", "fr-icon-stop-circle-line", "error"),
    "absent": ("Absent", "fr-icon-close-circle-line", "error"),
    "excused": ("Absence justifiée", "fr-icon-information-line", "warning"),
    "cancelled": ("Annulé", "fr-icon-stop-circle-line", "grey"),
    "new": ("Nouveau", "fr-icon-flashlight-line", "new"),
}

# provenance of a proof (promises, § 1): what the word means is given in full as its title
EVIDENCE: dict[str, tuple[str, str]] = {
    "E0": (
        "Déclaré",
        "Dit par l’apprenant ou par son appareil : compte pour la progression, ne prouve rien seul",
    ),
    "E1": ("Noté par le service", "Réponses corrigées par le serveur : la clé n’est jamais envoyée"),
    "E2": ("Attesté", "Signé par l’apprenant et le formateur, chacun sur son écran"),
    "E3": ("Décidé", "Décision d’un jury réuni avec son quorum"),
    "E4": ("Importé", "Venu d’un autre système : vaut une déclaration, sauf convention enregistrée"),
}

ALERTS = {"debug": "info", "info": "info", "success": "success", "warning": "warning", "error": "error"}


@register.simple_tag
def look_values() -> Look:
    """The look of the site, for the pages drawn without any context."""
    return current_look()


@register.filter
def words(text: str) -> list[str]:
    """The words of a short list written in a template."""
    return text.split()


@register.filter
def alert_kind(tag: str) -> str:
    """Level of a Django message → kind of DSFR alert."""
    return ALERTS.get(tag, "info")


@register.simple_tag
def idempotency_key() -> SafeString:
    """Hidden field that lets a form be sent twice and act once."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid4())


@register.inclusion_tag("shared/partials/badge.html")
def state_badge(state: str, label: str = "", small: bool = False) -> dict[str, Any]:
    """A state by word, shape, then colour; `label` replaces the word (« En attente du jury »)."""
    word, icon, colour = STATES.get(str(state), (str(state), "fr-icon-information-line", "grey"))
    return {"label": label or word, "icon": icon, "colour": colour, "small": small}


@register.inclusion_tag("shared/partials/evidence_badge.html")
def evidence_badge(evidence_class: str, label: str = "") -> dict[str, Any]:
    """The class of a proof, with what it means."""
    word, meaning = EVIDENCE.get(str(evidence_class), ("", ""))
    return {"evidence_class": evidence_class, "label": label or word, "meaning": meaning}


@register.inclusion_tag("shared/partials/key_figure.html")
def key_figure(
    value: Any, label: str, url: str = "", detail: str = "", tone: str = "", icon: str = ""
) -> dict[str, Any]:
    """A figure that leads to its list."""
    return {"value": value, "label": label, "url": url, "detail": detail, "tone": tone, "icon": icon}


@dataclass(frozen=True)
class Ring:
    """Geometry of the ring: circumference, and what is drawn of it, in whole units of the drawing."""

    drawn: int
    rest: int
    percent: int


RING_LENGTH = 1000  # the circle declares pathLength=1000, so that no float is needed


@register.inclusion_tag("shared/partials/hours_ring.html")
def hours_ring(done: int, total: int, label: str = "suivies", caption: str = "") -> dict[str, Any]:
    """The ring of hours done (minutes in), with its sentence for those who do not see it."""
    share = min(RING_LENGTH, RING_LENGTH * int(done or 0) // int(total)) if total else 0
    ring = Ring(drawn=share, rest=RING_LENGTH - share, percent=share // 10)
    return {"done": done, "total": total, "label": label, "caption": caption, "ring": ring}


@register.inclusion_tag("shared/partials/steps.html")
def path_steps(steps: Iterable[Any], label: str = "Votre parcours") -> dict[str, Any]:
    """Formation → Certification → Attestation: steps of {label, state, detail, url}."""
    return {"steps": list(steps), "label": label}


@register.inclusion_tag("shared/partials/timeline.html")
def timeline(items: Iterable[Any], empty: str = "", level: int = 3) -> dict[str, Any]:
    """Facts and decisions, latest as the caller ordered them."""
    return {"items": list(items), "empty": empty, "level": level}


@register.inclusion_tag("shared/partials/missing.html")
def missing_list(
    items: Iterable[Any], title: str = "Ce qu’il vous manque", done: str = "", level: int = 2
) -> dict[str, Any]:
    """Reasons, each with the link that mends it."""
    return {"items": list(items), "title": title, "done": done, "level": level}


@register.inclusion_tag("shared/partials/definition_list.html")
def definition_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Terms and values: rows of (term, value) or {term, value, url, hint}."""
    return {"rows": [_named_row(row) for row in rows]}


def _named_row(row: Any) -> Any:
    return {"term": row[0], "value": row[1]} if isinstance(row, (tuple, list)) else row


@register.inclusion_tag("shared/partials/download.html")
def download(
    url: str, label: str, size: int | None = None, sha256: str = "", detail: str = "", kind: str = ""
) -> dict[str, Any]:
    """A file to take away, with its size and fingerprint."""
    return {"url": url, "label": label, "size": size, "sha256": sha256, "detail": detail, "kind": kind}


# The codes that the map draws: 96 of the mainland and Corsica, 5 overseas.
MAPPED = tuple(
    [f"{n:02d}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "972", "973", "974", "976"]
)


@register.inclusion_tag("shared/partials/departements_map.html")
def departements_map(
    values: Mapping[str, int], name: str, national: Any = "", day: Any = "", url: str = ""
) -> dict[str, Any]:
    """The map of départements (code → whole number); always put its table beside it."""
    # The component spreads its scale between the least and the greatest: without zeros, one value paints all alike.
    known = dict.fromkeys(MAPPED, 0) | {
        code: int(value) for code, value in values.items() if value is not None
    }
    return {
        "data": json.dumps(known, separators=(",", ":"), sort_keys=True),
        "name": name,
        "url": url,
        "national": sum(known.values()) if national == "" else national,
        "day": day,
    }


@register.inclusion_tag("shared/partials/bar_chart.html")
def bar_chart(rows: Iterable[Any], name: str, unit: str = "", horizontal: bool = True) -> dict[str, Any]:
    """Bars of (label, whole number); always put their table beside them."""
    pairs = [(str(row[0]), int(row[1])) for row in rows]
    return {
        "x": json.dumps([[label for label, _ in pairs]], ensure_ascii=False),
        "y": json.dumps([[value for _, value in pairs]]),
        "names": json.dumps([name], ensure_ascii=False),
        "name": name,
        "unit": unit,
        "horizontal": horizontal,
    }


@register.inclusion_tag("shared/partials/funnel.html")
def funnel(rows: Iterable[Any], caption: str) -> dict[str, Any]:
    """Who remains at each step: rows of {label, count, url, detail}; drawn by the browser without script."""
    rows = list(rows)
    counts = [row["count"] if isinstance(row, dict) else row.count for row in rows]
    return {"rows": rows, "caption": caption, "top": max([*counts, 1])}


@register.inclusion_tag("shared/partials/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, parameter: str = "page") -> dict[str, Any]:
    """Pages of a list; the filters of the address are kept."""
    request = context.get("request")
    kept = request.GET.copy() if request is not None else None
    if kept is not None:
        kept.pop(parameter, None)
    prefix = f"?{kept.urlencode()}&" if kept else "?"
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {"page": page, "numbers": numbers, "prefix": f"{prefix}{parameter}="}


@register.inclusion_tag("shared/partials/as_of.html", takes_context=True)
def as_of_form(context: Context, as_of: Any = "", known_at: Any = "", errors: Any = None) -> dict[str, Any]:
    """The two dates of every audit view: « au » and « connu le »; other filters stay in the address."""
    request = context.get("request")
    kept = []
    if request is not None:
        kept = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in {"au", "connu_le", "page"}
        ]
    return {"as_of": as_of, "known_at": known_at, "errors": errors or {}, "kept": kept}


@register.simple_block_tag
def data_table(
    content: str,
    caption: str,
    count: Any = None,
    hide_caption: bool = False,
    dense: bool = False,
    noun: str = "ligne",
) -> SafeString:
    """A DSFR table around <thead> and <tbody>: caption, scroll container, number of rows."""
    # `content` comes from the template engine, hence already escaped
    return mark_safe(
        render_to_string(
            "shared/partials/table_frame.html",
            {
                "content": mark_safe(content),
                "caption": caption,
                "count": count,
                "hide_caption": hide_caption,
                "dense": dense,
                "noun": noun,
            },
        )
    )


# ---------------------------------------------------------------------------------------------- forms


def _kind(field: BoundField) -> str:
    """Which of the DSFR's fields draws this widget."""
    widget = field.field.widget
    if isinstance(widget, w.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, w.RadioSelect):
        return "radios"
    if isinstance(widget, w.CheckboxInput):
        return "checkbox"
    if isinstance(widget, (w.MultiWidget, w.SelectDateWidget)):
        return "group"
    if isinstance(widget, w.Select):
        return "select"
    if isinstance(widget, w.FileInput):
        return "file"
    return "input"


CONTROL_CLASSES = {"input": "fr-input", "select": "fr-select", "file": "fr-upload"}


def _described_by(field: BoundField) -> str:
    ids = []
    if field.help_text:
        ids.append(f"{field.id_for_label or field.html_name}-aide")
    if field.errors:
        ids.append(f"{field.id_for_label or field.html_name}-erreur")
    return " ".join(ids)


@register.simple_tag
def form_control(field: BoundField) -> SafeString:
    """The widget of a field, with the classes and links a DSFR field needs."""
    kind = _kind(field)
    attrs: dict[str, str | bool] = {}
    base = CONTROL_CLASSES.get(kind, "")
    own = field.field.widget.attrs.get("class", "")
    if base:
        attrs["class"] = " ".join(filter(None, [base, own, f"{base}--error" if field.errors else ""]))
    if kind not in {"checkboxes", "radios"}:
        if described := _described_by(field):
            attrs["aria-describedby"] = described
        if field.errors:
            attrs["aria-invalid"] = "true"
    if getattr(field.field.widget, "input_type", "") == "date":
        # a date field shows nothing unless its value is written the ISO way
        field.field.widget.format = "%Y-%m-%d"
    return field.as_widget(attrs=attrs)


@register.inclusion_tag("shared/partials/field.html")
def form_field(field: BoundField) -> dict[str, Any]:
    """One field: label, hint, control, errors."""
    identity = field.id_for_label or field.html_name
    return {
        "field": field,
        "kind": _kind(field),
        "hint_id": f"{identity}-aide",
        "error_id": f"{identity}-erreur",
        "described_by": _described_by(field),
        "optional": not field.field.required and not isinstance(field.field.widget, w.CheckboxInput),
    }


@register.inclusion_tag("shared/partials/fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """The error summary and all fields of any Django form, without the <form> element."""
    faulty = [field for field in form if field.errors and not field.is_hidden] if form.is_bound else []
    hidden = [error for field in form.hidden_fields() for error in field.errors] if form.is_bound else []
    return {"form": form, "faulty": faulty, "hidden_errors": hidden}


@register.inclusion_tag("shared/form.html", takes_context=True)
def dsfr_form(
    context: Context,
    form: BaseForm,
    submit: str = "Enregistrer",
    action: str = "",
    method: str = "post",
    cancel_url: str = "",
    cancel: str = "Annuler",
    idempotent: bool = False,
    danger: bool = False,
    inline: bool = False,
) -> dict[str, Any]:
    """A whole form: errors first, fields, buttons."""
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "method": method,
        "cancel_url": cancel_url,
        "cancel": cancel,
        "idempotent": idempotent,
        "danger": danger,
        "inline": inline,
        "csrf_token": context.get("csrf_token"),
    }
