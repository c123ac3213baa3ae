import contextlib, io, os, time, traceback, importlib
import pytest
from django.utils import timezone
import tests.browser.test_journey as tj
pytestmark = pytest.mark.django_db(transaction=True)
from tests.browser.test_journey import calendar

def test_dev(page_for, calendar, settings):
    ns = {"page_for": page_for, "calendar": calendar, "tj": tj, "importlib": importlib}
    while True:
        while not os.path.exists("/tmp/j/cmd.py"):
            time.sleep(0.2)
        time.sleep(0.1)
        code = open("/tmp/j/cmd.py").read()
        os.remove("/tmp/j/cmd.py")
        out = io.StringIO()
        start = time.monotonic()
        if code.strip() == "stop":
            return
        with contextlib.redirect_stdout(out):
            try:
                exec(compile(code, "cmd", "exec"), ns)
            except BaseException:
                traceback.print_exc(file=out, limit=-4)
                w = ns.get("walk")
                if w is not None and hasattr(w, "page"):
                    try:
                        out.write(f"\nURL {w.page.url}\n" + w.page.locator("main").inner_text()[:2500])
                        w.page.screenshot(path="/tmp/j/shot.png", full_page=True)
                    except BaseException:
                        traceback.print_exc(file=out, limit=-1)
        out.write(f"\n[{time.monotonic()-start:.1f}s]")
        with open("/tmp/j/out.tmp", "w") as f:
            f.write(out.getvalue())
        os.rename("/tmp/j/out.tmp", "/tmp/j/out.txt")
