"""Which block is in force, on a day."""

from datetime import date, datetime

from .errors import UnknownBlockError
from .models import CompetencyBlock, Qualification


def block(code: str, day: date, known_at: datetime | None = None) -> CompetencyBlock:
    """The block `code` (CCP1, PIX) of the qualification in force on `day`."""
    in_force = Qualification.objects.as_of(day, known_at)
    found = CompetencyBlock.objects.filter(code=code, qualification__in=in_force).select_related(
        "qualification"
    )
    if (one := found.order_by("-qualification__start").first()) is None:
        raise UnknownBlockError(
            f"Aucune certification ne propose «\u00a0{code}\u00a0» le {day:%d/%m/%Y}.", field="block"
        )
    return one


def blocks_on(day: date) -> list[CompetencyBlock]:
    """Every block that can be aimed at on `day`."""
    in_force = Qualification.objects.as_of(day)
    return list(
        CompetencyBlock.objects.filter(qualification__in=in_force)
        .select_related("qualification")
        .order_by("code")
    )
