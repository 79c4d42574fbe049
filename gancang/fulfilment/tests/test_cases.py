"""Visits, rides and transfers, each planned, done, proved and paid by its programme's data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.enrolment.actions import Deed
from gancang.enrolment.deciding import override
from gancang.enrolment.tests.fixtures import let_in
from gancang.fulfilment import rules
from gancang.fulfilment.models import Case, CaseProof
from gancang.fulfilment.queries import reports_due
from gancang.ledger.queries import held_for, lines_of
from gancang.outbox.models import Letter
from gancang.outbox.queries import desk_for
from gancang.overview.verify import verify
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from gancang.residents.actions import KnownFact, Particulars, register_all
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from gancang.residents.models import Resident
    from tests.cast import Cast

NOTE = "Luka dibersihkan, tekanan darah 130/80, keluarga diajari."


def somebody(cast: Cast, **facts: bool | str) -> Resident:
    """A resident of whom this is known since today."""
    today = today_in(cast.region, datetime.now(UTC))
    told = Particulars(
        full_name="Sumiati",
        village=cast.village,
        address="Dusun Krajan RT 02/RW 01",
        phone="+6281234567890",
        birth_date=date(1951, 3, 9),
        facts={name: KnownFact(value, "desa", today) for name, value in facts.items()},
    )
    return register_all([told], region=cast.region, now=datetime.now(UTC))[0]


def performer_of(cast: Cast, programme: str) -> Organisation:
    """Who does it."""
    code = rules.performers_of(terms_of(get_programme(cast.region, programme)))[0]
    return Organisation.objects.get(region=cast.region, code=code)


def desk_of(cast: Cast, programme: str) -> User:
    """Somebody at the desk of who does it."""
    newcomer = Newcomer(
        username=f"desk-{programme}",
        full_name="Endang",
        password=PASSWORD,
        role=Role.COUNTER_CLERK,
        organisation=performer_of(cast, programme),
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def today(cast: Cast, *, ahead: int = 0) -> str:
    """A day as people write it."""
    return (today_in(cast.region, datetime.now(UTC)) + timedelta(days=ahead)).strftime("%d-%m-%Y")


def plan(cast: Cast, by: User, programme: str, person: int | str, **typed: object) -> Response:
    """What the planner types."""
    told = {
        "programme": programme,
        "performer": performer_of(cast, programme).code,
        "person": person,
        "first": today(cast),
        **typed,
    }
    return client_of(by).post("/cases/new", told)


def planned(cast: Cast, by: User, programme: str, person: int | str, **typed: object) -> list[Case]:
    """The cases that were planned so."""
    response = plan(cast, by, programme, person, **typed)
    assert response.status_code == 302, response.content.decode()
    return list(Case.objects.order_by("day", "at", "pk"))


def settled(cast: Cast, case: Case) -> int:
    """What was owed for a case, in rupiah."""
    rows = lines_of(cast.region, order=case.code)
    return sum(row.amount_rp for row in rows if row.kind == "settle")


def faults_of(cast: Cast) -> list[str]:
    """What `gancang verify` finds in the book; the chain is linked only when a story commits."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def test_a_nurse_visits_every_third_day_and_her_record_pays_the_visit(cast: Cast) -> None:
    nurse = desk_of(cast, "jemput-bola")
    sick = somebody(cast, needs_home_care=True, local_list=True)
    cases = planned(cast, nurse, "jemput-bola", sick.pk, last=today(cast, ahead=7), every_days=3)
    assert [(case.day - cases[0].day).days for case in cases] == [0, 3, 6]
    assert "kunjungan" in Letter.objects.get(subject=cases[0].code).body.lower()
    first = cases[0]
    assert "Sumiati" in client_of(nurse).get("/cases/mine").content.decode()
    client_of(nurse).post(f"/cases/{first.code}/begin")
    first.refresh_from_db()
    assert first.state == "under_way"
    empty = {"version": first.version, "level": "note", "note": "ok"}
    assert client_of(nurse).post(f"/cases/{first.code}/done", empty).status_code == 400
    assert held_for(first.code)
    told = {**empty, "note": NOTE}
    assert client_of(nurse).post(f"/cases/{first.code}/done", told).status_code == 302
    first.refresh_from_db()
    assert first.state == "done"
    assert not held_for(first.code)
    assert settled(cast, first) == first.price_rp > 0
    assert "130/80" in client_of(nurse).get(f"/cases/{first.code}").content.decode()
    for other in (cast.auditor, cast.operator):
        page = client_of(other).get(f"/cases/{first.code}").content.decode()
        assert "130/80" not in page
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseProof.objects.update(level="tick")
    assert faults_of(cast) == []


def test_a_visit_is_not_done_before_its_day_and_called_off_with_its_reason(cast: Cast) -> None:
    nurse = desk_of(cast, "jemput-bola")
    sick = somebody(cast, needs_home_care=True, local_list=True)
    cases = planned(cast, nurse, "jemput-bola", sick.pk, last=today(cast, ahead=7), every_days=3)
    later, told = cases[1], {"level": "note", "note": NOTE}
    early = client_of(nurse).post(f"/cases/{later.code}/done", {**told, "version": later.version})
    assert early.status_code == 400
    reason = {"reason": "pindah ke anaknya"}
    assert client_of(nurse).post(f"/cases/{later.code}/cancel", reason).status_code == 302
    assert not held_for(later.code)
    assert client_of(nurse).post(f"/cases/{later.code}/cancel", reason).status_code == 400


def test_whom_no_rule_lets_in_is_told_which_and_nothing_is_planned(cast: Cast) -> None:
    nurse = desk_of(cast, "jemput-bola")
    response = plan(cast, nurse, "jemput-bola", somebody(cast, local_list=True).pk)
    assert response.status_code == 400
    assert "tidak mampu datang ke puskesmas" in response.content.decode()
    assert not Case.objects.exists()


def test_a_patient_rides_to_dialysis_and_home_on_his_weekdays(cast: Cast) -> None:
    desk = desk_of(cast, "cuci-darah")
    patient = somebody(cast, on_dialysis=True, pbi_active=True)
    (entry,) = let_in(cast, "cuci-darah", [patient])
    weekdays = sorted(
        {(today_in(cast.region, datetime.now(UTC)) + timedelta(days=n)).weekday() for n in (0, 3)}
    )
    cases = planned(
        cast,
        desk,
        "cuci-darah",
        patient.pk,
        last=today(cast, ahead=6),
        weekdays=weekdays,
        at="06:30",
        at_back="12:00",
        pickup="Dusun Krajan",
        dropoff="RSUD",
    )
    assert [case.leg for case in cases] == ["there", "back", "there", "back"]
    assert {(case.enrolment, case.clause) for case in cases} == {(entry, entry.clause)}
    assert (cases[1].pickup, cases[1].dropoff) == ("RSUD", "Dusun Krajan")
    there = cases[0]
    told = {
        "version": there.version,
        "level": "trip",
        "people": 2,
        "began": "06:40",
        "ended": "06:20",
    }
    assert client_of(desk).post(f"/cases/{there.code}/done", told).status_code == 400
    told["ended"] = "07:10"
    assert client_of(desk).post(f"/cases/{there.code}/done", told).status_code == 302
    proof = CaseProof.objects.get(case=there)
    assert proof.people == 2
    assert proof.began_at
    assert settled(cast, there) == there.price_rp
    back = cases[1]
    gone = {"reason": "dijemput keluarga"}
    assert client_of(desk).post(f"/cases/{back.code}/missed", gone).status_code == 302
    back.refresh_from_db()
    assert (back.state, back.reason) == ("missed", "dijemput keluarga")
    assert not held_for(back.code)


def test_a_school_angkot_is_paid_by_the_trip_and_its_pupils_are_counted(cast: Cast) -> None:
    desk = desk_of(cast, "angkot-sekolah")
    (trip,) = planned(cast, cast.officer, "angkot-sekolah", "", at="06:00", seats=12)
    assert trip.resident is None
    told = {"version": trip.version, "level": "count", "people": 0}
    assert client_of(desk).post(f"/cases/{trip.code}/done", told).status_code == 400
    told["people"] = 14
    assert client_of(desk).post(f"/cases/{trip.code}/done", told).status_code == 302
    assert settled(cast, trip) == 75_000
    assert "14 orang" in client_of(cast.officer).get(f"/cases/{trip.code}").content.decode()


def answered(cast: Cast, *lines: str) -> Response:
    """The bank's file, taken in by the treasurer."""
    file = SimpleUploadedFile("bank.csv", "\n".join(("kode;jumlah;referensi", *lines)).encode())
    return client_of(cast.treasurer).post("/cases/transfers/statement", {"file": file})


def to_bank(cast: Cast, programme: str) -> Response:
    """The treasurer makes a list for the bank."""
    return client_of(cast.treasurer).post("/cases/transfers/lists", {"programme": programme})


def test_pocket_money_follows_the_school_and_the_banks_line_proves_it(cast: Cast) -> None:
    pupil = somebody(cast, is_pupil=True, local_list=True, school_level="SMP")
    let_in(cast, "uang-saku", [pupil])
    account = {"account": "BRI 0021-01"}
    (case,) = planned(cast, cast.officer, "uang-saku", pupil.pk, **account)
    assert case.price_rp == 308 * (10_000 + 5_000)
    again = plan(cast, cast.officer, "uang-saku", pupil.pk, **account)
    assert again.status_code == 400
    assert case.code in again.content.decode()
    assert to_bank(cast, "uang-saku").status_code == 302
    number = Case.objects.get(pk=case.pk).bank_list_id
    file = client_of(cast.treasurer).get(f"/cases/transfers/lists/{number}").content.decode()
    assert "Sumiati" in file
    assert "BRI 0021-01" in file
    line = f"{case.code};{case.price_rp};TRX-1"
    for wrong in ("XX-1111-1111;5;R", f"{case.code};1;TRX-1", "rusak"):
        assert answered(cast, line, wrong).status_code == 400
        assert Case.objects.get(pk=case.pk).state == "under_way"
    assert answered(cast, line).status_code == 302
    assert answered(cast, line).status_code == 302  # the same file again changes nothing
    assert settled(cast, case) == case.price_rp
    assert CaseProof.objects.get(case=case).reference == "TRX-1"
    assert answered(cast, f"{case.code};{case.price_rp};TRX-2").status_code == 400
    month = today_in(cast.region, datetime.now(UTC)).strftime("%Y-%m")
    book = client_of(cast.treasurer).get(f"/overview/book?month={month}").content.decode()
    assert case.code in book
    assert faults_of(cast) == []


def test_whose_money_is_paid_is_told_so_in_the_programmes_words(cast: Cast) -> None:
    row = get_programme(cast.region, "uang-saku")
    row.terms = {**row.terms, "letters": {"paid": {"": "{amount} sudah di rekening."}}}
    row.save()
    pupil = somebody(cast, is_pupil=True, local_list=True, school_level="SMP")
    pupil.phone = "081234567890"
    pupil.save()
    let_in(cast, "uang-saku", [pupil])
    (case,) = planned(cast, cast.officer, "uang-saku", pupil.pk, account="BRI 0021-01")
    to_bank(cast, "uang-saku")
    for _twice in range(2):
        assert answered(cast, f"{case.code};{case.price_rp};TRX-1").status_code == 302
    [letter] = Letter.objects.filter(kind="case.paid")
    assert desk_for([letter]).text_of(letter).endswith("Rp 4.620.000 sudah di rekening.")


def test_wenak_is_seen_in_the_field_paid_once_and_reported(cast: Cast) -> None:
    owner = somebody(cast, runs_business=True, local_list=True)
    desk = desk_of(cast, "wenak")
    (entry,) = let_in(cast, "wenak", [owner], seen=False)
    assert plan(cast, desk, "wenak", owner.pk, account="BRI 0021-02").status_code == 400
    # She is let in by a named officer before anybody was there: it has to be seen all the same.
    deed = Deed(by=cast.officer.username, now=datetime.now(UTC), note="Warung jelas buka")
    override(entry, today_in(cast.region, datetime.now(UTC)) + timedelta(days=60), deed)
    (case,) = planned(cast, desk, "wenak", owner.pk, account="BRI 0021-02")
    assert case.clause == "override"
    assert to_bank(cast, "wenak").status_code == 400  # nobody has seen it yet
    seen = {"note": "Warung buka, meja dan kompor ada."}
    assert client_of(cast.officer).post(f"/cases/{case.code}/verify", seen).status_code == 302
    assert client_of(cast.officer).post(f"/cases/{case.code}/verify", seen).status_code == 400
    assert to_bank(cast, "wenak").status_code == 302
    assert answered(cast, f"{case.code};1000000;TRX-9").status_code == 302
    case.refresh_from_db()
    assert case.state == "done"
    assert settled(cast, case) == 1_000_000
    today_is = today_in(cast.region, datetime.now(UTC))
    member = cast.member(cast.officer)
    assert [row.pk for row, _day in reports_due(member, on=today_is)] == [case.pk]
    spent = {"note": "Etalase 600 ribu, bahan 400 ribu, nota terlampir."}
    assert client_of(desk).post(f"/cases/{case.code}/report", spent).status_code == 302
    assert reports_due(member, on=today_is) == []
    levels = [proof.level for proof in CaseProof.objects.filter(case=case).order_by("pk")]
    assert levels == ["field", "bank", "report"]
    again = plan(cast, desk, "wenak", owner.pk, account="BRI 0021-02")
    assert again.status_code == 400


DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(-3, 200), st.frozensets(st.integers(0, 6)), st.none() | st.integers(1, 40))
def test_every_day_of_a_plan_lies_in_it_and_keeps_its_rhythm(
    first: date, length: int, weekdays: frozenset[int], every: int | None
) -> None:
    last = first + timedelta(days=length)
    rhythm = rules.Rhythm(first=first, last=last, weekdays=weekdays, every_days=every)
    days = rules.days_of(rhythm)
    assert days == sorted(set(days))
    assert all(first <= day <= last for day in days)
    assert not weekdays or all(day.weekday() in weekdays for day in days)
    if every and not weekdays:
        assert all((day - first).days % every == 0 for day in days)


@given(st.sampled_from([*rules.LEVELS, ""]), st.sets(st.sampled_from(list(rules.LEVELS))))
def test_nothing_proves_a_case_but_a_level_of_its_programme(level: str, levels: set[str]) -> None:
    told = rules.Told(
        level=level,
        note=NOTE,
        people=3,
        began_at=datetime(2026, 1, 1, 6, tzinfo=UTC),
        ended_at=datetime(2026, 1, 1, 7, tzinfo=UTC),
        signature="M1 1L2 2",
        witness="Karto, RT",
        card_fits=True,
    )
    assert (rules.why_not_proved(told, sorted(levels)) is None) == (level in levels)
