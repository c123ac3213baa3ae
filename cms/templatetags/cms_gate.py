"""What the templates of the editor ask for."""

from typing import Any

from django import template
from django.urls import reverse

from cms.publishing.gate import Fault, kept_reports
from cms.publishing.gate.kept import KeptReport

register = template.Library()


@register.simple_tag
def reports_of(page: Any) -> list[KeptReport]:
    """The reports kept with the published revisions of this page, latest first."""
    return kept_reports(page) if page and page.pk else []


@register.simple_tag
def mend_url(fault: Fault) -> str:
    """Where to mend: a field of this page, or of another one."""
    anchor = f"#champ-{fault.field}" if fault.field else ""
    return reverse("wagtailadmin_pages:edit", args=[fault.page]) + anchor if fault.page else anchor
