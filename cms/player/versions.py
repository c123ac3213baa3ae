"""« Qu’est-ce qui change pour moi ? » : a new version of the path, that the learner accepts or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from courses.api import (
    Change,
    ModuleStructure,
    PathOutcome,
    Role,
    VersionRefusedError,
    adopt_version,
    change_for,
    idempotent,
    pending_offer,
    signed_in,
)
from courses.models import Enrolment, VersionOffer
from courses.shared import clock
from courses.shared.durations import spoken
from courses.shared.policy import policy

from .views import path_url


@dataclass(frozen=True)
class Line:
    """One thing that changes: a word and an icon say of what kind, the sentence says what."""

    state: str
    word: str
    text: str


@policy("cms.version_offer", roles=[Role.ADVISER])
@idempotent
def version_offer(request: HttpRequest, registration: UUID) -> HttpResponse:
    """What the version proposed would change for this learner, and his choice."""
    user = signed_in(request)
    own = Enrolment.objects.visible_to(user).known().filter(adviser__user=user)
    enrolment = get_object_or_404(
        own.select_related("adviser__user", "path__organisation").with_versions(), registration=registration
    )
    offer = pending_offer(enrolment)
    if request.method == "POST":
        return _accept(request, enrolment, offer)
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "offer": offer,
        "path_url": path_url(enrolment),
        "breadcrumb": [(enrolment.path.title, path_url(enrolment)), ("Nouvelle version", "")],
    }
    if offer is not None:
        before, after, change = change_for(enrolment, offer.path_version)
        context |= {"lines": list(_lines(before, after, change)), "after": after}
    return render(request, "cms/player/version_offer.html", context)


def _accept(request: HttpRequest, enrolment: Enrolment, offer: VersionOffer | None) -> HttpResponse:
    if offer is None or request.POST.get("version") != str(offer.path_version.number):
        raise VersionRefusedError(
            "La version que vous avez lue n’est plus celle qui est proposée\u00a0: relisez ce qui change."
        )
    adopt_version(enrolment=enrolment, offer=offer, actor=signed_in(request), at=clock.now())
    messages.success(
        request,
        f"Vous suivez maintenant la version {offer.path_version.number}. Ce que vous aviez obtenu le reste.",
    )
    return redirect(path_url(enrolment))


def _lines(before: PathOutcome, after: PathOutcome, change: Change) -> Iterator[Line]:
    if change.completes:
        yield Line("passed", "Gagné", "Votre parcours devient achevé.")
    if change.gained:
        yield Line(
            "passed", "Gagné", f"{_named(change.gained)}\u00a0: obtenu, avec ce que vous avez déjà fait."
        )
    if change.minutes:
        left = after.required_minutes - after.proved_minutes
        was = before.required_minutes - before.proved_minutes
        less = change.minutes < 0
        yield Line(
            "valid" if less else "planned",
            "Moins à faire" if less else "À faire en plus",
            f"Il vous restera {spoken(left)} à suivre, au lieu de {spoken(was)}."
            if left > 0
            else "Il ne vous restera plus d’heures à suivre.",
        )
    if change.added:
        yield Line("planned", "À faire en plus", f"{_named(change.added)}\u00a0: demandé dans cette version.")
    if change.longer:
        yield Line(
            "planned", "À faire en plus", f"{_named(change.longer)}\u00a0: avec de nouvelles activités."
        )
    if change.lifted:
        yield Line("valid", "Moins à faire", f"{_named(change.lifted)}\u00a0: n’est plus demandé.")
    if change.lost:
        yield Line(
            "partial",
            "Ne compte plus",
            f"{_named(change.lost)}\u00a0: commencé, mais une partie de ce que vous y avez fait ne sert plus à "
            "l’obtenir. Vos heures prouvées, elles, restent comptées.",
        )


def _named(modules: Iterable[ModuleStructure]) -> str:
    return ", ".join(f"«\u00a0{module.title}\u00a0»" for module in modules)
