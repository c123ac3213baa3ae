"""What can be obtained is versioned data, loaded once."""

import json
from datetime import date
from pathlib import Path

import pytest

from certification.models import Competency, CompetencyBlock, Qualification
from certification.qualifications.errors import ReferenceDataError, UnknownBlockError
from certification.qualifications.queries import block
from certification.qualifications.services import FILE, load_qualifications

pytestmark = pytest.mark.django_db


def codes(one: CompetencyBlock) -> list[str]:
    return [competency.code for competency in one.competencies.all()]


def changed(tmp_path: Path, **values: object) -> Path:
    given = json.loads(FILE.read_text(encoding="utf-8"))
    given["qualifications"][0] |= values
    path = tmp_path / "qualifications.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


class TestBlock:
    def test_ccp1_is_that_of_the_title_in_force_on_the_day(self):
        before, after = block("CCP1", date(2025, 7, 12)), block("CCP1", date(2025, 7, 13))

        assert before.qualification.code == "REMN"
        assert codes(before) == ["C1", "C2", "C3", "C4"]
        assert after.qualification.code == "RNCP40695"
        assert codes(after) == ["C1", "C2", "C3", "C4", "C5"]

    def test_pix_has_sixteen_competences_in_five_domains(self):
        pix = codes(block("PIX", date(2026, 3, 12)))

        assert len(pix) == 16
        assert {code.split(".")[0] for code in pix} == {"1", "2", "3", "4", "5"}

    def test_refuses_a_day_when_no_title_offers_it(self):
        with pytest.raises(UnknownBlockError, match="Aucune certification"):
            block("CCP1", date(2019, 7, 12))


class TestLoadQualifications:
    def test_a_second_run_changes_nothing(self):
        load_qualifications()
        counted = (Qualification.objects.count(), CompetencyBlock.objects.count(), Competency.objects.count())

        load_qualifications()

        assert counted == (3, 3, 25)
        assert (Qualification.objects.count(), Competency.objects.count()) == (3, 25)

    def test_every_title_says_where_it_comes_from(self):
        load_qualifications()

        assert all(one.source for one in Qualification.objects.all())

    def test_a_changed_entry_becomes_a_new_row_and_the_former_one_is_kept(self, tmp_path):
        load_qualifications()

        load_qualifications(changed(tmp_path, title="Autre intitulé", known_at="2026-01-01T00:00:00Z"))

        rows = Qualification.objects.filter(code="REMN").order_by("pk")
        assert [row.title for row in rows] == [
            "Responsable d’espace de médiation numérique",
            "Autre intitulé",
        ]
        assert [row.superseded_at is None for row in rows] == [False, True]

    def test_a_change_without_a_later_known_at_is_refused(self, tmp_path):
        load_qualifications()

        with pytest.raises(ReferenceDataError, match="known_at"):
            load_qualifications(changed(tmp_path, title="Autre intitulé"))
