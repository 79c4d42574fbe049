"""Rantang Kasih from an empty page to the auditor's proof, and in another region to a meal.

Weeks pass: the demonstrations have a calendar of their own. Desks work at 1280 px, the field at
360.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser import building, stage
from tests.browser.clock import Clock
from tests.browser.conftest import demonstrating, visiting
from tests.browser.demonstration import PACK, PACKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FilePayload, Locator, Page, StorageState

    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration
    from tests.browser.stage import Watch

MONDAY, NEXT_MONTH = date(2026, 6, 1), date(2026, 7, 2)
THURSDAY = 3
ZONE = ZoneInfo("Asia/Makassar")  # in the middle of the country's three
MEALS = ("pagi", "sore")
ELDERS = ("Mbah Sumiati", "Mbah Katemi", "Mbah Paimin", "Mbah Ngatini")
FALLEN, YOUNG = "Mbah Katemi", "Budi Santoso"
MEAL_RP, STOP_RP = 12_345, 2_000
MONTH_RP = len(ELDERS) * 60 * (MEAL_RP + STOP_RP)
MEALS_COOKED, UNSEEN = 7 * 2 * len(ELDERS), 2


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """A Monday in June, wherever the story is told."""
    folder = tmp_path_factory.mktemp("clock")
    for each in (folder, *folder.parents[:3]):
        each.chmod(each.stat().st_mode | 0o055)  # the database's account reads it too
    try:
        clock = Clock(folder, ZONE)
    except RuntimeError as error:
        pytest.skip(str(error))
    clock.set(MONDAY)
    return clock


@pytest.fixture(scope="module")
def demonstration(chromium: str, clock: Clock) -> Iterator[Demonstration]:
    """One whose days pass."""
    assert chromium
    with demonstrating(PACK, clock) as running:
        yield running


@pytest.fixture(scope="module")
def known() -> dict[str, StorageState]:
    """Nobody has logged in here before."""
    return {}


class Desks:
    """The page of everybody who works there, logged in on that day."""

    def __init__(self, visit: Visit, clock: Clock, known: dict[str, StorageState]) -> None:
        self._visit, self._clock, self._known = visit, clock, known
        self._pages: dict[str, Page] = {}
        self._day = clock.today

    def __call__(self, who: str, width: int = 1280) -> Page:
        """The page of `who`, where he left it; anew on another day."""
        if self._clock.today != self._day:
            self._day = self._clock.today
            self._known.clear()
            for page in self._pages.values():
                page.context.close()
            self._pages.clear()
        if who not in self._pages:
            self._pages[who] = self._visit(who, width=width)
        return self._pages[who]


def test_rantang_kasih_runs_here_and_elsewhere(
    visit: Visit,
    clock: Clock,
    known: dict[str, StorageState],
    tmp_path: Path,
    browser: Browser,
    watch: Watch,
) -> None:
    at, file = Desks(visit, clock, known), tmp_path / "rantang-uji.toml"
    people_are_written_down(at)
    number = building.the_officer_builds(at("dian"), clock.today, MEAL_RP, STOP_RP)
    it_is_priced_approved_and_begun(at, number)
    building.the_file_is_taken_along(at("dian"), file)
    the_first_week_runs(at, clock)
    clock.set(NEXT_MONTH)
    the_month_is_settled_and_paid(at)
    the_auditor_goes_from_a_total_to_its_proof(at("lestari"))

    clock.set(MONDAY)
    other = next(
        each.name for each in sorted(PACKS.iterdir()) if each.is_dir() and each.name != PACK
    )
    there: dict[str, StorageState] = {}
    with (
        demonstrating(other, clock) as running,
        visiting(browser, running, there, watch) as visit_there,
    ):
        elsewhere = Desks(visit_there, clock, there)
        people_are_written_down(elsewhere, other)
        number = building.the_file_becomes_a_draft_elsewhere(elsewhere("dian"), file)
        it_is_priced_approved_and_begun(elsewhere, number)
        rounds_are_made(elsewhere("dian"), "pagi")
        all_doors_are_knocked_at(elsewhere)
        expect(row_of_round(elsewhere("dian"))).to_contain_text(f"{len(ELDERS)}, 0, 0")


def it_is_priced_approved_and_begun(at: Desks, number: str) -> None:
    building.the_treasurer_enters_budgets(at("hadi"), number)
    building.the_officer_prices_it(at("dian"), number, stage.rupiah(MONTH_RP))
    building.two_approve(at, number)
    they_apply_and_are_looked_at(at)
    two_stalls_cook_and_all_are_seated(at("dian"))


def people_are_written_down(at: Desks, pack: str = PACK) -> None:
    """The village's list, taken into the registry: nobody applies for anything yet."""
    people = at("bagus")
    people.goto("/accounts/people?q=wahid")
    works = stage.row_of(people, "wahid").inner_text()
    with (PACKS / pack / "organisations.csv").open(newline="") as file:
        houses = [row for row in csv.DictReader(file) if row["kind"] == "puskesmas"]
    village = next(row["village"] for row in houses if row["name"] in works)
    heads = "nama;tanggal_lahir;jenis_kelamin;desa;alamat;lives_alone"
    rows = [f"{name};01-05-1948;P;{village};RT 0{n}/RW 01;ya" for n, name in enumerate(ELDERS, 1)]
    rows.append(f"{YOUNG};01-05-1990;L;{village};RT 09/RW 01;tidak")
    officer = at("dian")
    officer.goto("/enrolment/lists")
    text = "\n".join([heads, *rows]).encode()
    told: FilePayload = {"name": "daftar.csv", "mimeType": "text/csv", "buffer": text}
    officer.set_input_files("[name=file]", told)
    officer.fill("[name=source]", "Daftar desa")
    officer.fill("[name=as_of]", f"{MONDAY:%d-%m-%Y}")
    officer.click("button[name=do][value=take]")
    expect(officer.locator(".note.good").first).to_contain_text(str(len(rows)))


def they_apply_and_are_looked_at(at: Desks) -> None:
    """The village clerk writes them down at their houses; one is too young for it."""
    clerk = at("wahid", 360)
    codes = []
    for name in (*ELDERS, YOUNG):
        clerk.goto("/enrolment/")
        clerk.click("a[href$='/apply']")
        clerk.fill("[name=person]", name)
        clerk.select_option("[name=programme]", building.CODE)
        clerk.click("main form button")
        clerk.wait_for_selector("main .pill")
        codes.append(clerk.url.rpartition("/")[2])
    expect(clerk.locator("section[aria-labelledby=why]")).to_contain_text("60")
    clerk.goto(f"/enrolment/of/{building.CODE}/verify")
    expect(clerk.locator("main tbody tr")).to_have_count(len(ELDERS))
    clerk.fill("[name=lines]", "\n".join(f"{code};sah" for code in codes[:-1]))
    clerk.click("section[aria-labelledby=found] button")
    expect(clerk.locator(".note.good").first).to_contain_text(str(len(ELDERS)))


def two_stalls_cook_and_all_are_seated(officer: Page) -> None:
    officer.goto("/servings/")
    if (other := officer.locator(f"nav a[href*='{building.CODE}']")).count():
        other.click()
    officer.click("main a[href*='/servings/stalls']")
    for place in (0, 1):
        officer.locator("[name=kitchen]").select_option(index=place)
        officer.fill("[name=capacity]", "20")
        officer.locator("main form", has=officer.locator("[name=capacity]")).locator(
            "button"
        ).click()
        expect(officer.locator("main li.card")).to_have_count(place + 1)
    officer.click("main a[href*='/servings/?']")
    officer.click("main a[href*='/servings/diners']")
    officer.click("button[name=everybody]")
    expect(officer.locator("main tbody tr")).to_have_count(len(ELDERS))


def the_first_week_runs(at: Desks, clock: Clock) -> None:
    for day in range(7):
        for meal in MEALS:
            rounds_are_made(at("dian"), meal)
            if day == THURSDAY - 1 and meal == "sore":
                a_stall_falls_out(at("dian"))
            gone = FALLEN if day == THURSDAY else ""
            all_doors_are_knocked_at(at, gone)
        if day == THURSDAY:
            the_village_looks_after_her(at)
        clock.next_day()


def rounds_are_made(officer: Page, meal: str) -> None:
    """The page offers what is left to be done, and who rode before: one click."""
    officer.goto(f"/servings/?programme={building.CODE}")
    expect(officer.locator("[name=meal]")).to_have_value(meal)
    if not officer.locator("[name=couriers]:checked").count():
        officer.get_by_label("Toni").check()
    officer.locator("main form", has=officer.locator("[name=couriers]")).locator("button").click()
    expect(officer.locator(".note.good").first).to_be_visible()


def row_of_round(officer: Page) -> Locator:
    officer.goto(f"/servings/?programme={building.CODE}")
    return officer.locator("main tbody tr").last


def a_stall_falls_out(officer: Page) -> None:
    """In the middle of Wednesday's afternoon: its meals move to the other one, today."""
    cooking = officer.locator("main tbody tr").last.locator("td").nth(1).inner_text()
    officer.click("main a[href*='/servings/stalls']")
    stall = officer.locator("main li.card", has_text=cooking)
    stall.locator("summary").click()
    stall.locator("[name=reason]").fill("kompor rusak")
    stall.locator("button").click()
    expect(officer.locator(".note.warn").first).to_contain_text(str(len(ELDERS)))
    rounds_are_made(officer, "sore")
    last = officer.locator("main tbody tr").last
    expect(last).not_to_contain_text(cooking)
    expect(last).to_contain_text(f"0, 0, {len(ELDERS)}")


def all_doors_are_knocked_at(at: Desks, gone: str = "") -> None:
    """One tick a door on the courier's phone."""
    courier = at("toni", 360)
    courier.goto("/servings/mine")
    while (door := courier.locator("#next")).count():
        left = courier.locator("form[action$='/seen']").count()
        if gone and gone in door.inner_text():
            door.locator("a[href$='/unseen']").click()
            courier.fill("[name=reason]", "Tidak menjawab, pintu terkunci")
            courier.click("main form button")
        else:
            door.locator("button").click()
        expect(courier.locator("form[action$='/seen']")).to_have_count(left - 1)


def the_village_looks_after_her(at: Desks) -> None:
    """Not seen twice: the village's clerk is told, with a clock, and answers."""
    clerk = at("wahid", 360)
    clerk.goto("/servings/welfare")
    row = stage.row_of(clerk, FALLEN)
    expect(row.locator(".pill")).to_have_class(re.compile("warn"))
    row.locator("a").click()
    clerk.fill("[name=answer]", "Jatuh di kamar mandi, sudah dibawa ke puskesmas.")
    clerk.click("main form button")
    expect(stage.row_of(clerk, FALLEN).locator(".pill")).to_have_class(re.compile("good"))


def the_month_is_settled_and_paid(at: Desks) -> None:
    owed = MEALS_COOKED * MEAL_RP + (MEALS_COOKED - UNSEEN) * STOP_RP
    treasurer = at("hadi")
    treasurer.goto("/settlement/?month=2026-06")
    held = one_line_is_held(treasurer)
    treasurer.goto("/settlement/?month=2026-06")
    treasurer.click("main form[action$='/batches'] button")
    treasurer.wait_for_url("**/batches/G*")
    code = treasurer.url.rpartition("/")[2]
    expect(treasurer.locator("dl.facts")).to_contain_text(stage.rupiah(owed - held))
    for who in ("hadi", "bagus"):
        page = at(who)
        page.goto(f"/settlement/batches/{code}")
        page.click("form[action$='/approve'] button")
    treasurer.goto(f"/settlement/batches/{code}")
    with treasurer.expect_download() as download:
        treasurer.click("main a[href$='/file']")
    asked = Path(download.value.path()).read_text("utf-8-sig")
    treasurer.click("form[action$='/sent'] button")
    treasurer.click("main a[href$='/answers']")
    answer = the_banks_answer(asked)
    told: FilePayload = {"name": "jawaban.csv", "mimeType": "text/csv", "buffer": answer}
    treasurer.set_input_files("[name=file]", told)
    treasurer.click("main form button")
    expect(treasurer.locator("main .pill.bad")).to_have_count(0)
    treasurer.goto("/settlement/match")
    expect(treasurer.locator("main .pill.good")).not_to_have_count(0)
    expect(treasurer.locator("main .bad")).to_have_count(0)


def one_line_is_held(treasurer: Page) -> int:
    """Held with a reason, so that it is not paid this time; how many rupiah."""
    treasurer.locator("main section[aria-labelledby=payees] tbody a").first.click()
    row = treasurer.locator("main tbody tr").first
    rupiah = int(re.sub(r"\D", "", row.locator("td").last.inner_text()))
    row.locator("summary").click()
    row.locator("[name=reason]").fill("Nota warung belum ada")
    row.locator("form button").click()
    expect(treasurer.locator(".note.good").first).to_be_visible()
    return rupiah


def the_banks_answer(asked: str) -> bytes:
    """All of it paid."""
    rows = list(csv.DictReader(io.StringIO(asked), delimiter=";"))
    heads = ["Referensi", "Jumlah", "Status", "Nomor Bank"]
    lines = [
        ";".join([row["Referensi"], row["Jumlah"], "BERHASIL", f"B{n}"])
        for n, row in enumerate(rows, 1)
    ]
    return "\n".join([";".join(heads), *lines]).encode()


def the_auditor_goes_from_a_total_to_its_proof(auditor: Page) -> None:
    """A total, its lines, one line's proof: three clicks. Then ten lines by chance, all right."""
    auditor.goto("/inspection/?first=2026-06-01&last=2026-06-30")
    auditor.locator("main table a").first.click()
    auditor.locator("main td[data-label] a[href*='#proof']").first.click()
    expect(auditor.locator("#proof")).to_contain_text("Toni")
    auditor.goto("/inspection/?first=2026-06-01&last=2026-06-30")
    auditor.select_option("[name=size]", "10")
    auditor.click("form[action$='/draw'] button")
    auditor.wait_for_url("**/samples/*")
    while (unjudged := auditor.locator("main section:not(:has(.pill.good)) form")).count():
        unjudged.first.locator("[name=found]").select_option("right")
        unjudged.first.locator("button").click()
        auditor.wait_for_load_state()
    expect(auditor.locator("main .note.good", has_text="95")).to_be_visible()
