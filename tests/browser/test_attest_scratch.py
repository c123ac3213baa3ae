import pytest
from certification.qualifications.services import load_qualifications
from certification.programme.services import load_rules
from certification.completion.services import render_document
from tests import factories
from tests.browser.screens import assert_accessible, assert_dressed, assert_titled
from tests.certification.training import a_version
from tests.certification.test_completion import a_world, prove, issue
from tests.certification.test_candidacies import open_one, record
from tests.courses.learning import World
from tests.factories import NOON

@pytest.mark.django_db(transaction=True)
def test_pictures(page_for, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "m"
    load_qualifications(); load_rules()
    w = prove(a_world()); c = issue(w); render_document(certificate_id=c.pk, at=NOON)
    w2 = World(organisation=w.organisation, adviser=factories.an_adviser())
    w3 = prove(World(organisation=w.organisation, adviser=factories.an_adviser()))
    v = a_version(title="Médiateur numérique, parcours initial de 175 h")
    out = factories.an_adviser(in_post=False)
    cand = open_one(w.adviser, "PIX", "training", enrolment=w.enrolment)
    record(cand)
    pm = factories.a_user("programme_manager"); om = factories.a_user("organisation_manager", w.organisation)
    shots = [
        (w.user, [f"/inscriptions/{v.pk}/", "/certificats/", f"/certificats/{c.public_id}/", "/candidatures/", "/candidatures/ouvrir/"]),
        (out.user, [f"/inscriptions/{v.pk}/", "/certificats/", "/candidatures/"]),
        (om, ["/certificats/emettre/", "/certificats/", "/candidatures/"]),
        (pm, ["/pix/", "/pix/enregistrer/"]),
    ]
    faults = []
    for user, urls in shots:
        page = page_for(user); page.context.set_default_timeout(60000)
        for url in urls:
            page.goto(url)
            for width in (1280, 375):
                page.set_viewport_size({"width": width, "height": 900}); page.wait_for_timeout(300)
                for check in (assert_titled, assert_dressed, assert_accessible):
                    try: check(page)
                    except AssertionError as e: faults.append(f"{width}: {e}")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    faults.append(f"{url} {width} overflows " + page.evaluate("[...document.querySelectorAll('main *')].filter(e=>e.getBoundingClientRect().right>innerWidth+1 && !e.closest('.fr-table__container')).map(e=>e.outerHTML.slice(0,120)).slice(0,4).join('|')"))
                page.screenshot(path=f"/tmp/attest/z_{url.strip('/').replace('/','_')[:20]}_{width}.png", full_page=True)
    page = page_for(pm); page.context.set_default_timeout(60000); page.goto("/pix/enregistrer/"); page.get_by_role("button", name="Enregistrer le résultat").click(); page.wait_for_timeout(500)
    try: assert_accessible(page)
    except AssertionError as e: faults.append(str(e))
    open("/tmp/attest/faults.txt","w").write("\n".join(faults))
