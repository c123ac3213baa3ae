"""Pure rules of a jury."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from courses.shared.clock import PARIS

from .enums import PRESENT, Appraisal, Outcome
from .errors import AppraisalError


def day_of(at: datetime) -> date:
    """The day of an instant, in the programme’s own time."""
    return at.astimezone(PARIS).date()


def checked_outcome(outcome: str) -> Outcome:
    """The outcome, or a refusal."""
    if outcome not in Outcome.values:
        raise AppraisalError("Choisissez l’issue du passage.", field="outcome")
    return Outcome(outcome)


def checked_appraisals(
    outcome: Outcome, appraisals: Mapping[str, str], codes: Iterable[str]
) -> dict[str, str]:
    """The grid of one member: known competences only; all of them judged when the outcome is « acquis »."""
    codes = list(codes)
    if unknown := sorted(set(appraisals) - set(codes)):
        raise AppraisalError(f"Compétence inconnue dans ce bloc : {', '.join(unknown)}.", field="appraisals")
    grid = {code: str(appraisals[code]) for code in codes if appraisals.get(code)}
    if wrong := sorted(code for code, value in grid.items() if value not in Appraisal.values):
        raise AppraisalError(
            f"Appréciation inconnue pour la compétence {', '.join(wrong)}.", field="appraisals"
        )
    if outcome not in PRESENT and grid:
        raise AppraisalError("Un candidat absent ne reçoit aucune appréciation.", field="appraisals")
    if outcome == Outcome.ACQUIRED and (missing := [code for code in codes if code not in grid]):
        raise AppraisalError(
            f"Pour proposer « Acquis », chaque compétence doit être appréciée. Il manque : {', '.join(missing)}.",
            field="appraisals",
        )
    return grid


def tally(grids: Iterable[Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """By competence, how many members found it acquired and how many not."""
    counts: dict[str, Counter[str]] = {}
    for grid in grids:
        for code, value in grid.items():
            counts.setdefault(code, Counter())[value] += 1
    return {code: dict(sorted(counter.items())) for code, counter in sorted(counts.items())}
