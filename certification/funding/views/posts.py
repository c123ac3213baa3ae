"""Funded posts: the founding figures, the posts by place, and the way down to each of them."""

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from certification.funding import permissions
from certification.funding.queries import PostGroup, founding_figures, post_groups, posts_with_money
from certification.funding.queries.posts import NOT_ATTRIBUTED, filtered_posts, listed_posts
from certification.funding.rules import french_euros
from courses.api import AwardStatus, Role, signed_in
from courses.models import Departement, Post
from courses.shared import clock, spreadsheet
from courses.shared.policy import policy

from .claims import csv_response

READERS = {
    Role.PROGRAMME_MANAGER, Role.AUDITOR, Role.SERVICE_CERTIFIER, Role.PAYER, Role.PREFECT, Role.HOST_MANAGER,
}  # fmt: skip
FILTERS = ("comite", "departement", "structure", "portee", "attribution")
PAGE_SIZE = 50
AMOUNT = {"label": "Montant", "numeric": True}
HEADERS = ["Département", "Structure", "Vague", "Portée", {"label": "Postes", "numeric": True}, AMOUNT]
POST_HEADERS = ["Poste", "Structure", "Département", "Vague", "Occupation", AMOUNT]
EXPORT_HEADER = (
    "departement", "nom_departement", "structure", "comite", "vague", "portee", "document", "postes", "montant_euros",
)  # fmt: skip


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in FILTERS if request.GET.get(name)}


def _posts(request: HttpRequest) -> QuerySet[Post]:
    own = permissions.posts_visible_to(signed_in(request))
    return posts_with_money(own, clock.today())


@policy("funding.post_read", roles=READERS)
def post_funding(request: HttpRequest) -> HttpResponse:
    """« Combien de postes, et pour combien ? »"""
    asked, own = _asked(request), _posts(request)
    groups = post_groups(filtered_posts(own, asked))
    everything = permissions.sees_all_posts(signed_in(request))
    context = {
        "figures": [_figure(figure) for figure in founding_figures(clock.today())] if everything else [],
        "headers": HEADERS,
        "rows": [_group_row(group) for group in groups],
        "count": len(groups),
        "posts": sum(group.posts for group in groups),
        "cents": sum(group.amount_cents for group in groups),
        "reserved": sum(g.posts for g in groups if g.status == AwardStatus.IN_PRINCIPLE),
        "by_departement": _map_values(groups),
        "departements": _departement_rows(groups),
        "departement_headers": ["Département", {"label": "Postes", "numeric": True}, AMOUNT],
        "today": clock.today(),
        "choices": _choices(own),
        "asked": asked,
        "query": urlencode(asked),
        "list_url": f"{reverse('post_funding_posts')}?{urlencode(asked)}",
        "map_url": f"{reverse('post_funding')}?departement=CODE",
        "breadcrumb": [("Postes financés", "")],
    }
    return render(request, "certification/funding/posts.html", context)


def _figure(figure: Any) -> dict[str, Any]:
    return {"figure": figure, "url": f"{reverse('post_funding_posts')}?{urlencode(figure.filters)}"}


def _group_row(group: Any) -> list[Any]:
    filters = {"comite": group.committee_code}
    filters |= {"structure": group.structure} if group.structure else {"attribution": NOT_ATTRIBUTED}
    place = (
        f"{group.departement_code} – {group.departement_name}"
        if group.departement_code
        else "Sans département"
    )
    return [
        place,
        group.structure or "Non attribués",
        group.wave,
        group.status_label,
        {
            "text": str(group.posts),
            "url": f"{reverse('post_funding_posts')}?{urlencode(filters)}",
            "numeric": True,
        },
        {"text": french_euros(group.amount_cents), "numeric": True},
    ]


def _departement_rows(groups: list[PostGroup]) -> list[list[Any]]:
    """One line for each département that has posts."""
    rows = []
    for (code, name), found in groupby(
        (group for group in groups if group.departement_code),
        key=lambda group: (group.departement_code, group.departement_name),
    ):
        mine = list(found)
        rows.append(
            [
                {
                    "text": f"{code} – {name}",
                    "url": f"{reverse('post_funding')}?{urlencode({'departement': code})}",
                },
                {"text": str(sum(group.posts for group in mine)), "numeric": True},
                {"text": french_euros(sum(group.amount_cents for group in mine)), "numeric": True},
            ]
        )
    return rows


def _map_values(groups: list[PostGroup]) -> dict[str, int]:
    """Every département, nought included: an absent value would be drawn as if it were one."""
    counts = dict.fromkeys(Departement.objects.values_list("code", flat=True), 0)
    for group in groups:
        if group.departement_code:
            counts[group.departement_code] += group.posts
    return counts


def _choices(own: QuerySet[Post]) -> dict[str, Any]:
    """What the filters may say, drawn from the posts this reader sees."""
    groups = post_groups(own)
    places = {(group.departement_code, group.departement_name) for group in groups if group.departement_code}
    return {
        "committees": sorted({(group.committee_code, group.wave) for group in groups}),
        "departements": sorted(places),
        "statuses": AwardStatus.choices,
    }


@policy("funding.post_read", roles=READERS)
def post_funding_posts(request: HttpRequest) -> HttpResponse:
    """Post by post: its structure, its amount, whether someone holds it."""
    asked = _asked(request)
    filtered = filtered_posts(_posts(request), asked)
    cents = sum(group.amount_cents for group in post_groups(filtered))
    page = Paginator(listed_posts(filtered, clock.today()), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        [
            post["number"],
            post["structure"] or "Non attribué",
            post["departement"] or "",
            post["wave"],
            {"state": "valid", "label": "Occupé"}
            if post["is_held"]
            else {"state": "todo", "label": "Vacant"},
            {"text": french_euros(post["amount_cents"]) if post["amount_cents"] else "—", "numeric": True},
        ]
        for post in page
    ]
    context = {
        "headers": POST_HEADERS,
        "rows": rows,
        "page": page,
        "count": page.paginator.count,
        "cents": cents,
        "asked": asked,
        "export_url": f"{reverse('post_funding_export')}?{urlencode(asked)}",
        "breadcrumb": [("Postes financés", reverse("post_funding")), ("Liste des postes", "")],
    }
    return render(request, "certification/funding/post_list.html", context)


@policy("funding.post_export", roles=READERS)
def post_funding_export(request: HttpRequest) -> HttpResponse:
    """The table with its filters, as a file."""
    groups = post_groups(filtered_posts(_posts(request), _asked(request)))
    rows = (
        (
            g.departement_code, g.departement_name, g.structure or "Non attribués", g.committee_code, g.wave,
            g.status_label, g.source, g.posts, spreadsheet.euros(g.amount_cents),
        )
        for g in groups
    )  # fmt: skip
    return csv_response(spreadsheet.csv_bytes(EXPORT_HEADER, rows), "postes.csv")
