import pytest
from uuid import uuid4
from certification import api
from tests.browser.screens import assert_good_screen
from tests.certification.money import Money, later
from tests.factories import NOON, a_user, root
from tests.courses.learning import World

OUT="/tmp/money_shots"

@pytest.mark.django_db(transaction=True)
def test_shots(page_for, settings):
    from pathlib import Path; (Path(settings.LMS_VAR_DIR)/'queue'/'messages').mkdir(parents=True, exist_ok=True)
    import os; os.makedirs(OUT, exist_ok=True)
    faults=[]
    api.load_founding_figures(actor=root(), at=NOON)
    money = Money()
    Money(world=World(organisation=money.organisation), certified=False) if False else None
    claim = money.submitted()
    other = Money()
    third = Money(); third.paid()
    back = Money(); c=back.submitted(); api.return_claim(claim_id=c.pk, reason="La feuille du 12 mars ne porte pas le nom du module : corrigez, puis préparez une autre demande.", actor=back.certifier, at=later(2))
    four = Money(); att = four.attested()
    blocked = Money(ceiling_minutes=300)
    def shoot(page, name, url):
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(url, timeout=60000)
            page.wait_for_timeout(800 if 'postes' in url else 150)
            try:
                assert_good_screen(page)
            except AssertionError as e:
                faults.append(f"{name} {width}: {e}")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0: faults.append(f"{name} {width}: overflow {over}")
            page.screenshot(path=f"{OUT}/{name}-{width}.png", full_page=True)
    p = page_for(money.payer)
    shoot(p, "posts", "/financements/postes/")
    shoot(p, "postlist", "/financements/postes/liste/?departement=05")
    shoot(p, "queue-pay", "/demandes/a-payer/")
    shoot(p, "pay", f"/demandes/{att.public_id}/payer/")
    cert = page_for(money.certifier)
    shoot(cert, "queue-cert", "/demandes/service-fait/")
    shoot(cert, "claim-cert", f"/demandes/{claim.public_id}/")
    shoot(cert, "return", f"/demandes/{claim.public_id}/renvoyer/")
    shoot(cert, "list", "/demandes/")
    shoot(cert, "proof", f"/demandes/{claim.public_id}/lignes/{claim.lines.first().pk}/")
    m = page_for(blocked.manager)
    shoot(m, "new1", "/demandes/nouvelle/")
    shoot(m, "new2", f"/demandes/nouvelle/?order={blocked.order.pk}&start=2026-03-01&end=2026-03-31")
    shoot(m, "list-empty", "/demandes/")
    shoot(page_for(back.manager), "returned", f"/demandes/{c.public_id}/")
    print("\n".join(faults))
    assert not faults, "\n".join(faults)
