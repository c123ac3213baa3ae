"""What waits for the adviser: a deadline, a session, a sheet to sign, something proposed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from courses import api as courses
from courses.models import AttendanceMark, Enrolment, SessionRegistration
from courses.shared.durations import spoken
from courses.templatetags.lms_format import french_date
from lms.reporting.links import link

from .page import Banner, Deadline, Lack, NextSession


def deadline_of(outcome: courses.PathOutcome | None, today: date) -> Deadline | None:
    """The soonest day by which something not done is asked."""
    if outcome is None or outcome.done:
        return None
    due = [(one.due_on, one.module.title) for one in outcome.modules if one.due_on and not one.done]
    if not due:
        return None
    day, title = min(due)
    return Deadline(day, title, days_away(day, today), day < today)


def days_away(day: date, today: date) -> str:
    """« dans 12 jours », « demain », « il y a 3 jours »."""
    days = (day - today).days
    if days in {-1, 0, 1}:
        return {-1: "hier", 0: "aujourd’hui", 1: "demain"}[days]
    return f"dans {days}\u00a0jours" if days > 0 else f"il y a {-days}\u00a0jours"


def next_session_of(registrations: list[SessionRegistration], today: date) -> NextSession | None:
    """The nearest one that is not over."""
    sessions = sorted((row.session for row in registrations), key=lambda one: (one.start, one.pk))
    if not sessions:
        return None
    session = sessions[0]
    when = "en cours" if session.start < today else days_away(session.start, today)
    return NextSession(session, when, link("session_calendar", session.public_id))


def to_sign(mark: AttendanceMark) -> Lack:
    return Lack(
        f"Émargement à signer\u00a0: {mark.sheet.session.title}",
        f"{french_date(mark.day)}, {mark.get_half_day_display()}, {spoken(mark.sheet.minutes)}",
        link("sign_sheet", mark.sheet.public_id),
        "Signer",
    )


def banners_of(
    enrolment: Enrolment | None, outcome: courses.PathOutcome | None, lists: Mapping[str, list[Any]]
) -> list[Banner]:
    """What is proposed in the path shown: a new version, then opinions asked."""
    if enrolment is None or outcome is None:
        return []
    banners = []
    offers = [
        offer
        for offer in lists["offers"]
        if offer.path_version.path_id == enrolment.path_id
        and offer.path_version.number > enrolment.version.number
    ]
    if offers and not outcome.done and (url := link("version_offer", enrolment.registration)):
        text = "Vous choisissez : l’accepter, ou finir celle que vous suivez. Rien de ce qui est acquis ne se perd."
        banners.append(
            Banner("Une nouvelle version de ce parcours vous est proposée", text, url, "Voir ce qui change")
        )
    given = {(row.module.public_id, row.moment) for row in lists["participations"]}
    due = [
        one.module
        for one in outcome.modules
        if not one.equivalent
        and (moment := courses.moment_of(one.outcome))
        and (one.module.public_id, moment.value) not in given
    ]
    if due and (url := link("survey", enrolment.registration, due[0].public_id)):
        more = f" Et {len(due) - 1} autre{'s' if len(due) > 2 else ''} ensuite." if len(due) > 1 else ""
        text = f"Quelques questions sur «\u00a0{due[0].title}\u00a0», sans votre nom.{more}"
        banners.append(Banner("Votre avis est attendu", text, url, "Donner mon avis"))
    return banners
