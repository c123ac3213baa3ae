"""Where learners stand in their whole path, read in a fixed number of queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from .enums import ModuleState
from .errors import LockedModuleError
from .models import Enrolment, Evidence, ModuleProgress, VersionAdoption, VersionOffer
from .queries import held_by, structure_of
from .rules import (
    Completion,
    EvidenceValue,
    Held,
    PathOutcome,
    module_outcome_through,
    path_outcome_through,
    spans_of,
)
from .structure import PathStructure

_COLUMNS = (
    "source_key", "activity__public_id", "kind", "evidence_class", "valid_on", "minutes", "success", "score_percent",
)  # fmt: skip
ValuesOf = dict[int, dict[UUID, list[EvidenceValue]]]
# By adviser: the enrolment where a module was completed, the module, its completion.
ElsewhereOf = dict[int, list[tuple[int, UUID, Completion]]]


def path_outcome(
    enrolment: Enrolment, *, as_of: date | None = None, known_at: datetime | None = None
) -> PathOutcome:
    """Everything done, asked, locked and missing for one learner."""
    return path_outcomes([enrolment], as_of=as_of, known_at=known_at)[enrolment.pk]


def path_outcomes(
    enrolments: Iterable[Enrolment], *, as_of: date | None = None, known_at: datetime | None = None
) -> dict[int, PathOutcome]:
    """The same for many, by the key of the enrolment."""
    rows = list(enrolments)
    facts = facts_of(rows, as_of=as_of, known_at=known_at)
    return {row.pk: facts.outcome(row) for row in rows}


class PathFacts:
    """What the rule reads of some enrolments: versions followed, proofs, completions elsewhere."""

    def __init__(self, held: dict[int, tuple[Held, ...]], values: ValuesOf, elsewhere: ElsewhereOf) -> None:
        self.held = held
        self.values = values
        self.elsewhere = elsewhere

    def outcome(self, enrolment: Enrolment, held: tuple[Held, ...] | None = None) -> PathOutcome:
        """Under the versions followed, or under `held` as if they had been."""
        return path_outcome_through(
            self.held[enrolment.pk] if held is None else held,
            self.values.get(enrolment.pk, {}),
            enrolled_on=enrolment.valid_on,
            elsewhere=self._elsewhere(enrolment),
            registration=enrolment.registration,
        )

    def _elsewhere(self, enrolment: Enrolment) -> dict[UUID, Completion]:
        """The first completion of each module in another enrolment of the same adviser."""
        found: dict[UUID, Completion] = {}
        for other, module, completion in self.elsewhere.get(enrolment.adviser_id, ()):
            if other != enrolment.pk and (module not in found or completion.on < found[module].on):
                found[module] = completion
        return found


def facts_of(
    enrolments: list[Enrolment],
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    also: Iterable[PathStructure] = (),
) -> PathFacts:
    """Read once for all; `also` names structures not followed yet that will be asked about."""
    load_versions(enrolments)
    held = {row.pk: held_by(row, as_of=as_of, known_at=known_at) for row in enrolments}
    structures = {id(one.structure): one.structure for versions in held.values() for one in versions}
    wanted = {other for structure in [*structures.values(), *also] for other in structure.equivalents}
    elsewhere: ElsewhereOf = {}
    if wanted:
        advisers = {row.adviser_id for row in enrolments}
        if as_of is None and known_at is None:
            elsewhere = _completions(advisers, wanted)
        else:
            elsewhere = _completions_then(advisers, wanted, as_of, known_at)
    return PathFacts(held, proofs_of([row.pk for row in enrolments], as_of, known_at), elsewhere)


def load_versions(enrolments: list[Enrolment]) -> None:
    """What `held_by` reads; nothing more is asked of rows loaded `with_versions()`."""
    adoptions = VersionAdoption.objects.select_related("path_version")
    prefetch_related_objects(enrolments, "path_version", Prefetch("adoptions", adoptions))


def proofs_of(enrolments: list[int], as_of: date | None = None, known_at: datetime | None = None) -> ValuesOf:
    """Their evidence as the rule reads it, by enrolment and module."""
    rows = Evidence.objects.as_of(as_of, known_at).filter(enrolment__in=enrolments).order_by()
    found: ValuesOf = defaultdict(lambda: defaultdict(list))
    for enrolment, module, key, activity, kind, proof, day, minutes, success, score in rows.values_list(
        "enrolment", "module__public_id", *_COLUMNS
    ):
        value = EvidenceValue(
            key, activity, kind, proof, day, minutes, bool(success), -1 if score is None else score
        )
        found[enrolment][module].append(value)
    return found


def _completions(advisers: set[int], modules: set[UUID]) -> ElsewhereOf:
    """What these advisers completed of these modules, as the projection has it today."""
    rows = ModuleProgress.objects.filter(
        state=ModuleState.DONE,
        module__public_id__in=modules,
        enrolment__adviser__in=advisers,
        enrolment__superseded_at=None,
    ).values_list("enrolment__adviser", "enrolment", "module__public_id", "module__title", "completed_on")
    found: ElsewhereOf = defaultdict(list)
    for adviser, enrolment, module, title, on in rows:
        if on is not None:
            found[adviser].append((enrolment, module, Completion(title, on)))
    return found


def _completions_then(
    advisers: set[int], modules: set[UUID], as_of: date | None, known_at: datetime | None
) -> ElsewhereOf:
    """The same for a past moment: from the evidence of then."""
    enrolments = Enrolment.objects.as_of(as_of, known_at).filter(adviser__in=advisers).with_versions()
    rows = list(enrolments)
    values = proofs_of([row.pk for row in rows], as_of, known_at)
    found: ElsewhereOf = defaultdict(list)
    for row in rows:
        held = held_by(row, as_of=as_of, known_at=known_at)
        for module in modules:
            if spans := spans_of(held, module):
                outcome = module_outcome_through(values[row.pk][module], spans)
                if outcome.done and outcome.completed_on:
                    completion = Completion(spans[-1].module.title, outcome.completed_on)
                    found[row.adviser_id].append((row.pk, module, completion))
    return found


def refuse_locked(enrolment: Enrolment, module: UUID) -> None:
    """Refuse what is learnt alone in a module that is not open yet. Presence is a fact: it is never refused."""
    if not structure_of(enrolment.version).may_lock:
        return
    standing = path_outcome(enrolment).module(module)
    if standing is not None and standing.locked_by:
        raise LockedModuleError(standing.locked_by)


def pending_offer(enrolment: Enrolment) -> VersionOffer | None:
    """The last version proposed to this learner and later than his own; none once he has finished."""
    offer = (
        VersionOffer.objects.known()
        .filter(path_version__path=enrolment.path_id, path_version__number__gt=enrolment.version.number)
        .select_related("path_version__path")
        .order_by("-path_version__number")
        .first()
    )
    return None if offer is None or path_outcome(enrolment).done else offer
