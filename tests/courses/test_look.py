"""The look: French as it is written, pieces that say what they show, pages that stand alone."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.template.loader import render_to_string

from courses.templatetags import lms_format as fr
from courses.templatetags.lms_look import STATES

NBSP, NARROW = "\u00a0", "\u202f"


def render(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load lms_look %}" + source).render(context)


class SessionForm(forms.Form):
    siret = forms.CharField(label="SIRET", help_text="14 chiffres")
    day = forms.DateField(label="Jour", widget=forms.DateInput(attrs={"type": "date"}))
    route = forms.ChoiceField(label="Voie", choices=[("vae", "VAE")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (fr.french_date(date(2026, 3, 12)), f"12{NBSP}mars{NBSP}2026"),
        (fr.french_date(date(2026, 4, 1)), f"1er{NBSP}avril{NBSP}2026"),
        (fr.french_date(datetime(2026, 3, 31, 22, 30, tzinfo=UTC)), f"1er{NBSP}avril{NBSP}2026"),
        (fr.french_date(None), ""),
        (fr.french_time(datetime(2026, 1, 5, 13, 5, tzinfo=UTC)), f"14{NBSP}h{NBSP}05"),
        (fr.minutes(210), f"3{NBSP}h{NBSP}30"),
        (fr.minutes(45), f"45{NBSP}min"),
        (fr.minutes(0), f"0{NBSP}h"),
        (fr.minutes(740_700), f"12{NARROW}345{NBSP}h"),
        (fr.euros(125_000), f"1{NARROW}250,00{NBSP}€"),
        (fr.euros(-5), f"−0,05{NBSP}€"),
        (fr.euros_short(35_000_000), f"350{NARROW}000{NBSP}€"),
        (fr.percent_of(3, 8), f"38{NBSP}%"),
        (fr.percent_of(0, 0), "—"),
        (fr.plural(0), ""),
        (fr.plural(1), ""),
        (fr.plural(2), "s"),
        (fr.plural(2, "cheval,chevaux"), "chevaux"),
        (fr.file_size(840), f"840{NBSP}octets"),
        (fr.file_size(1_258_291), f"1,2{NBSP}Mo"),
        (fr.short_hash("3f2a91bc04de77"), f"3f2a{NBSP}91bc{NBSP}04de"),
    ],
)
def test_numbers_and_dates_are_written_the_french_way(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_said_by_a_word_and_a_shape_before_a_colour(state: str) -> None:
    html = render("{% state_badge state %}", state=state)

    assert STATES[state][0] in html
    assert 'aria-hidden="true"' in html


def test_a_refused_form_names_each_error_beside_its_field_and_in_its_summary() -> None:
    form = SessionForm({"siret": "", "day": "2026-03-12", "route": ""})

    html = render("{% dsfr_form form idempotent=True %}", form=form)

    assert "Il reste 2 points à corriger" in html
    assert 'href="#id_siret"' in html
    assert 'aria-describedby="id_siret-aide id_siret-erreur"' in html
    assert 'value="2026-03-12"' in html, "what was typed is kept"
    described = set(re.findall(r'id="([^"]+-erreur)"', html))
    assert described == {"id_siret-erreur", "route-erreur"}
    assert "facultatif" in html


def test_each_form_drawn_has_its_own_idempotency_key() -> None:
    first, second = render("{% idempotency_key %}"), render('{% include "shared/idempotency.html" %}')

    assert 'name="idempotency_key"' in first
    assert 'name="idempotency_key"' in second
    assert first.strip() != second.strip()


def test_the_ring_says_its_figures_to_those_who_do_not_see_it() -> None:
    html = render("{% hours_ring 3150 4200 %}")

    assert f"52{NBSP}h{NBSP}30 suivies sur 70{NBSP}h" in html
    assert 'stroke-dasharray="750 250"' in html


def test_a_ring_without_hours_or_beyond_them_still_draws() -> None:
    assert "stroke-dasharray" not in render("{% hours_ring 0 0 %}")
    assert 'stroke-dasharray="1000 0"' in render("{% hours_ring 5000 4200 %}")


def test_a_timeline_shows_the_proof_of_each_item_and_teaches_when_empty() -> None:
    item = {"valid_on": date(2026, 4, 1), "title": "CCP1 obtenu", "evidence_class": "E3", "hash": "ab" * 32}

    full, empty = render("{% timeline items %}", items=[item]), render("{% timeline items %}", items=[])

    assert "CCP1 obtenu" in full
    assert "Décidé" in full
    assert "ab" * 32 in full
    assert "Aucun fait à cette date" in empty


def test_what_a_user_wrote_is_escaped_in_every_piece() -> None:
    bad = "<script>alert(1)</script>"

    html = render(
        "{% timeline items %}{% key_figure bad bad %}{% definition_list rows %}{% departements_map map bad %}"
        "{% data_table caption=bad count=1 %}<tbody><tr><td>{{ bad }}</td></tr></tbody>{% enddata_table %}",
        bad=bad,
        items=[{"title": bad, "text": bad, "valid_on": date(2026, 1, 1)}],
        rows=[(bad, bad)],
        map={bad: 1},
    )

    assert "<script>" not in html


def test_the_two_dates_of_a_view_keep_the_other_filters_of_its_address() -> None:
    request = SimpleNamespace(GET=QueryDict("of=7&au=2026-01-01&page=3"))

    html = render("{% as_of_form day day %}", request=request, day=date(2026, 2, 1))

    assert '<input type="hidden" name="of" value="7">' in html
    assert 'name="page"' not in html
    assert 'value="2026-02-01"' in html


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "422", "500", "503", "403_csrf"])
def test_an_error_page_stands_without_any_context(code: str) -> None:
    html = render_to_string(f"{code}.html")

    assert '<html lang="fr"' in html
    assert "Revenir" in html
    assert not re.search(r'\sstyle="|\son\w+="|<script>', html), "the security policy refuses inline code"


def test_the_neutral_theme_shows_nothing_reserved_to_the_state(settings) -> None:
    settings.LMS_THEME = "neutral"

    html = render_to_string("404.html")

    assert "fr-logo" not in html
    assert "République" not in html
    assert "neutral.css" in html
