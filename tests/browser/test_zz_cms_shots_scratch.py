"""Scratch: pictures and axe on the CMS screens."""
import pytest
from django.urls import reverse
from tests import factories
from tests.browser.screens import assert_good_screen
from tests.cms.world import Written, PATH, MODULE
from dataclasses import replace

pytestmark = pytest.mark.django_db(transaction=True)

def test_shots(page_for, site):
    written = Written(); written.publish()
    Written(replace(PATH, title="Parcours initial de 105 heures", kind="initial", modules=(replace(MODULE, taught_minutes=6240),))).publish()
    enrolment = written.enrol()
    pages = [
        ("home", "/", None), ("catalogue", "/catalogue/", None), ("path", written.path.url, None), ("module", written.module.url, None),
        ("organisation", written.path.get_parent().url, None),
        ("lesson", reverse("lesson", args=[enrolment.registration, written.lesson.key]), enrolment.adviser.user),
        ("enrolment", reverse("enrolment", args=[enrolment.registration]), enrolment.adviser.user),
    ]
    faults = []
    for name, url, user in pages:
        page = page_for(user)
        page.goto(url)
        try:
            assert_good_screen(page)
        except AssertionError as e:
            faults.append(f"{name}: {e}")
        page.screenshot(path=f"/tmp/cms/{name}-1280.png", full_page=True)
        page.set_viewport_size({"width": 375, "height": 812})
        try:
            assert_good_screen(page)
        except AssertionError as e:
            faults.append(f"{name} 375: {e}")
        page.screenshot(path=f"/tmp/cms/{name}-375.png", full_page=True)
    page = page_for(written.author)
    page.goto("/administration/")
    page.screenshot(path="/tmp/cms/admin-home-1280.png")
    page.goto(reverse("wagtailadmin_pages:edit", args=[written.lesson.pk]))
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/cms/admin-lesson-1280.png")
    page.set_viewport_size({"width": 375, "height": 812})
    page.screenshot(path="/tmp/cms/admin-lesson-375.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(reverse("wagtailadmin_pages:edit", args=[written.module.pk]))
    page.wait_for_timeout(1000)
    page.screenshot(path="/tmp/cms/admin-module-1280.png")
    resp = page.goto(reverse("wagtailadmin_pages:view_draft", args=[written.lesson.pk]))
    page.screenshot(path="/tmp/cms/admin-preview-1280.png", full_page=True)
    assert not faults, "\n\n".join(faults)
