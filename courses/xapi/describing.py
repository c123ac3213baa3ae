"""What activities are, as the statements of an organisation say: kept merged, read by that organisation alone."""

from django.db import transaction

from . import rules, texts
from .memory import Memory
from .models import ActivityDefinition, XapiActivity
from .store import Draft

_told: Memory[tuple[int, str, str], bool] = Memory(50_000)


def is_told(draft: Draft) -> bool:
    """Whether all that the statement says of its activities was told before."""
    return all(
        (draft.organisation_id, iri, repr(definition)) in _told
        for iri, definition in rules.definitions(draft.body)
    )


def describe(drafts: list[Draft]) -> None:
    """Merge the definitions that these statements bring, when they bring something new."""
    fresh: dict[tuple[int, str, str], tuple[int, str, rules.JsonObject]] = {}
    for draft in drafts:
        if draft.organisation_id is None:
            continue
        for iri, definition in rules.definitions(draft.body):
            key = (draft.organisation_id, iri, repr(definition))
            if key not in _told:
                fresh[key] = (draft.organisation_id, iri, definition)
    if not fresh:
        return
    numbers = dict(
        XapiActivity.objects.filter(iri__in={iri for _, iri, _ in fresh.values()}).values_list("iri", "pk")
    )
    known = {
        (row.organisation_id, row.activity_id): row
        for row in ActivityDefinition.objects.select_for_update(of=("self",)).filter(
            activity__in=numbers.values(), organisation__in={one for one, _, _ in fresh.values()}
        )
    }
    changed: dict[tuple[int, int], ActivityDefinition] = {}
    for organisation_id, iri, definition in fresh.values():
        at = (organisation_id, numbers[iri])
        row = known.setdefault(
            at, ActivityDefinition(organisation_id=at[0], activity_id=at[1], definition="{}")
        )
        text = rules.text_of(rules.merged(texts.decoded(row.definition), definition))
        if text != row.definition or row.pk is None:
            row.definition = text
            changed[at] = row
    ActivityDefinition.objects.bulk_create([row for row in changed.values() if row.pk is None])
    ActivityDefinition.objects.bulk_update(
        [row for row in changed.values() if row.pk is not None], ["definition"]
    )
    transaction.on_commit(lambda: _told.keep(dict.fromkeys(fresh, True)))
