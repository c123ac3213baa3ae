"""The audit pack: equal dates, equal bytes; and the commands that prove or explain."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from certification import api as certification
from certification.models import JuryDecision
from courses import api as courses
from courses.models import AuditEntry, Evidence
from courses.shared import clock, walls
from lms.exchange.columns import FILES
from lms.exchange.packs import archive, build, csv_file, frame, workbook
from lms.exchange.services import PackError, ask_for_pack
from lms.models import PackRequest
from tests import factories
from tests.factories import NOON
from tests.world import MONDAY, Line, Organisation

pytestmark = pytest.mark.django_db
END = MONDAY + timedelta(days=200)


@pytest.fixture
def line():
    return Line(Organisation())


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


class TestPack:
    def test_equal_dates_give_equal_bytes(self, line):
        known_at = clock.now()

        assert archive(build(as_of=END, known_at=known_at)[1]) == archive(
            build(as_of=END, known_at=known_at)[1]
        )

    def test_facts_known_later_do_not_move_a_byte(self, line):
        # The factories act at noon of a past day: what they make is made before.
        account, post, root = factories.a_user(), factories.a_post(), factories.root()
        known_at = clock.now()
        before = build(as_of=END, known_at=known_at)[1]

        after_it = known_at + timedelta(hours=1)
        newcomer = courses.create_adviser(
            user=account, number=77_777, birth_date=None, actor=root, at=after_it
        )
        courses.assign_post(post=post, adviser=newcomer, start=MONDAY, actor=root, at=after_it)
        courses.release_post(
            assignment_id=line.adviser.assignments.get().pk, end=MONDAY, actor=root, at=after_it
        )
        certification.revoke_credential(
            credential=line.credential, reason="other", actor=line.programme, at=after_it
        )

        assert build(as_of=END, known_at=known_at)[1] == before
        assert build(as_of=after_it.date(), known_at=after_it)[1] != before

    def test_the_manifest_tells_the_truth_and_nothing_of_the_making(self, line, tmp_path):
        call_command("audit_pack", as_of=END, known_at=clock.now(), out=tmp_path / "pack", verbosity=0)

        manifest = json.loads((tmp_path / "pack" / "manifest.json").read_text())
        assert {file["name"] for file in manifest["files"]} == {
            *(f"{name}.csv" for name in FILES), "dossier.xlsx", "audit_heads.json",
        }  # fmt: skip
        for file in manifest["files"]:
            data = (tmp_path / "pack" / file["name"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert set(manifest["parameters"]) == {"as_of", "known_at"}

    def test_the_rows_say_what_the_database_says(self, line):
        report, contents = build(as_of=END, known_at=clock.now())

        tables = {name: read_csv(contents[f"{name}.csv"]) for name in FILES}
        [status] = [r for r in tables["statuts"] if r["numero_conseiller"] == str(line.adviser.number)]
        assert status["statut"] == "Certifié"
        assert status["decision_ccp1"] == str(JuryDecision.objects.get().public_id)
        assert len(tables["preuves"]) == Evidence.objects.count()
        assert sum(int(r["montant_cents"]) for r in tables["lignes"]) == line.claim_row.total_cents
        assert [r["total_cents"] for r in tables["demandes"]] == [str(line.claim_row.total_cents)]
        assert len(tables["emargements"]) == 1
        assert len(tables["decisions"]) == len(tables["certificats"]) == 1
        assert {f.name: f.rows for f in report.files}["preuves.csv"] == Evidence.objects.count()

    def test_a_csv_cell_never_runs(self):
        table = frame(
            (("nom", "string"), ("cents", "Int64")), [("=1+1", 5), ("＋x", None), ('a;"b"\r\nc', -3)]
        )

        body = csv_file(table)
        assert body.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert rows == [["nom", "cents"], ["'=1+1", "5"], ["'＋x", ""], ['a;"b"\r\nc', "-3"]]

    def test_a_workbook_holds_texts_no_formula_and_no_date_of_its_making(self):
        table = frame((("nom", "string"), ("cents", "Int64")), [("=1+1", 5), ("0123", None)])

        data = workbook({"essai": table})

        with zipfile.ZipFile(io.BytesIO(data)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            assert "<f>" not in sheet
            assert "0123" in book.read("xl/sharedStrings.xml").decode()
            assert "2000-01-01" in book.read("docProps/core.xml").decode()
        assert workbook({"essai": table}) == data


class TestAsking:
    @pytest.fixture
    def auditor(self):
        return factories.a_user("auditor")

    def test_the_auditor_asks_waits_and_takes_the_file(self, line, auditor, client_for):
        client = client_for(auditor)

        answer = client.get(reverse("audit_pack_prepare"), {"au": END.isoformat()})
        assert answer.status_code == 302
        request = PackRequest.objects.get()
        progress = reverse("audit_pack_progress", args=[request.public_id])
        assert client.get(progress).json()["finished"] is False
        assert client.get(reverse("audit_pack_download", args=[request.public_id])).status_code == 404

        courses.drain()

        assert client.get(progress).json()["finished"] is True
        body = b"".join(
            client.get(reverse("audit_pack_download", args=[request.public_id])).streaming_content
        )
        request.refresh_from_db()
        assert hashlib.sha256(body).hexdigest() == request.file_id
        assert (
            AuditEntry.objects.filter(action="reporting.pack.make", actor=str(auditor.public_id)).count() == 1
        )
        assert request.file_id in client.get(answer.url).content.decode()

    def test_a_file_is_bound_to_its_requester_and_to_a_day(self, auditor, client_for):
        now = clock.now()
        request = ask_for_pack(
            as_of=END, known_at=now - timedelta(days=3), actor=auditor, at=now - timedelta(days=2)
        )
        url = reverse("audit_pack_request", args=[request.public_id])

        assert client_for(auditor).get(url).status_code == 404
        fresh = ask_for_pack(as_of=END, known_at=now, actor=auditor, at=now)
        url = reverse("audit_pack_request", args=[fresh.public_id])
        assert client_for(factories.a_user("auditor")).get(url).status_code == 404

    def test_the_same_dates_asked_twice_make_one_file(self, auditor):
        now = clock.now()

        first = ask_for_pack(as_of=END, known_at=now, actor=auditor, at=now)

        assert ask_for_pack(as_of=END, known_at=now, actor=auditor, at=now + timedelta(hours=1)) == first

    def test_what_will_be_known_later_is_refused(self, auditor):
        with pytest.raises(PackError):
            ask_for_pack(as_of=END, known_at=NOON + timedelta(days=1), actor=auditor, at=NOON)

    def test_another_site_cannot_have_one_made(self, auditor, client_for):
        client_for(auditor).get(reverse("audit_pack_prepare"), headers={"Sec-Fetch-Site": "cross-site"})

        assert not PackRequest.objects.exists()


def run(name, capsys, **options):
    capsys.readouterr()
    call_command(name, **options)
    return json.loads(capsys.readouterr().out)


class TestCommands:
    def test_certification_status_names_the_evidence_and_the_rule(self, line, capsys):
        number = str(line.adviser.number)

        told = run("certification_status", capsys, adviser=number, as_of=END, json=True)

        assert told["state"] == "certified"
        assert told["rule"]["version"] >= 1
        assert {proof["kind"] for part in told["parts"] for proof in part["evidence"]} >= {"decision", "pix"}
        before = run("certification_status", capsys, adviser=number, as_of=MONDAY, json=True)
        assert before["state"] != "certified"
        assert before["missing"]

    def test_explain_says_what_is_missing_and_why(self, capsys):
        line = Line(Organisation(), until="train")

        told = run("explain", capsys, adviser=str(line.adviser.user.public_id), json=True)

        reasons = [
            lack["reason"] for path in told["training"] for m in path["modules"] for lack in m["missing"]
        ]
        assert any("stage" in reason for reason in reasons)
        assert told["missing"]

    @pytest.mark.parametrize("name", ["certification_status", "explain"])
    def test_an_unknown_adviser_is_a_clear_error(self, name):
        with pytest.raises(CommandError, match="Conseiller inconnu"):
            call_command(name, adviser="424242")

    def test_a_past_head_is_a_prefix_and_an_altered_row_is_named(self, line, capsys, tmp_path):
        head = tmp_path / "head.json"
        head.write_text(json.dumps(run("export_audit_head", capsys)))
        factories.an_adviser()
        assert run("verify_audit", capsys, head=head, json=True)["ok"] is True

        entry = AuditEntry.objects.filter(chain="jury").order_by("sequence")[1]
        with walls.down(reason="test"):
            AuditEntry.objects.filter(pk=entry.pk).update(reason="autre")
        with pytest.raises(SystemExit):
            call_command("verify_audit", json=True)
        told = json.loads(capsys.readouterr().out)
        assert told["breaches"][0]["chain"] == "jury"
        assert told["breaches"][0]["sequence"] == entry.sequence

    def test_an_unreadable_head_is_refused(self, tmp_path):
        (tmp_path / "head.json").write_text("[]")

        with pytest.raises(CommandError, match="illisible"):
            call_command("verify_audit", head=tmp_path / "head.json")
