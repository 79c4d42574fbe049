"""Packs: what is wrong is said with file, line and mend; what is right loads and loads again."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from gancang_planner import Term
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang import packs
from gancang.audit.models import Event
from gancang.regions.models import District, Organisation, Region, Village
from gancang.regions.pack import BadPack, check_pack, read_pack
from gancang.regions.pack_schema import CSV, TOML
from gancang.regions.policies import BUILT_IN, policies_in_force
from gancang.values import Refused

PACKS = Path(__file__).parents[3] / "region_packs"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the invented regency, to be spoilt."""
    return Path(shutil.copytree(PACKS / "contoh", tmp_path / "contoh"))


@pytest.mark.parametrize("name", ["banyuwangi", "contoh"])
def test_the_packs_that_come_along_are_sound(name: str) -> None:
    assert check_pack(PACKS / name) == []


def test_banyuwangi_is_whole() -> None:
    pack = read_pack(PACKS / "banyuwangi")
    kinds = [row.values["kind"] for row in pack.organisations]
    assert (len(pack.districts), len(pack.villages)) == (25, 217)
    assert (kinds.count("hospital"), kinds.count("puskesmas")) == (2, 45)
    people = sum(int(row.values["population"]) for row in pack.districts)
    assert 1_600_000 < people < 1_800_000
    lived_in: Counter[str] = Counter()
    for row in pack.villages:
        lived_in[row.values["code"][:8]] += int(row.values["population"])
    assert lived_in == {r.values["code"]: int(r.values["population"]) for r in pack.districts}


PROGRAMME = "programmes/gancang-aron-1.toml"
PAYING = "programmes/gancang-aron-2.toml"
VISIT = "programmes/gancang-aron-3.toml"
DISPATCH = "dispatch.toml"
REACH = "reach.toml"
SPOILT = [
    (REACH, 'weekdays = ["tue"]', 'weekdays = ["selasa"]', "reach.toml:42:", "a list of mon"),
    (REACH, 'departs = ["15:00"]', 'departs = ["3 pm"]', "reach.toml:68:", "07:30"),
    (REACH, 'areas = ["99.01.03"]', 'areas = ["99.01.77"]', "reach.toml:41:", "see villages.csv"),
    (REACH, '["kurir-rsud"]', '["rsud-contoh"]', "reach.toml:66:", "name another"),
    (REACH, "minutes = 420", "minutes = 1_000", "reach.toml:43:", "earlier"),
    (REACH, "stops = 8", "holidays = true", "reach.toml:39:", "add it"),
    (REACH, "days = 3\n", "days = 3\nup_to_m = 9\n", "reach.toml:75:", "without areas"),
    ("menus.toml", '["warung-contoh-1"]', '["warung-9"]', "menus.toml:", "organisations.csv"),
    ("menus.toml", '"Rawon daging"', '"Rujak soto"', "menus.toml:", "take one out"),
    ("menus.toml", "draw = 20", "draw = 0", "menus.toml:10:", "from 1 to"),
    ("region.toml", 'code = "99.01"', 'code = "99"', "region.toml:2:", "like 99.01"),
    ("region.toml", "province", "provinz", "region.toml:5:", "did you mean province"),
    ("region.toml", "speed_kmh = 30", "speed_kmh = 300", "region.toml:14:", "from 5 to 80"),
    ("tariffs.toml", "from = 2024-01-01", 'from = "2024"', "tariffs.toml:3:", "2026-01-31"),
    ("funds.toml", 'fund = "apbd"', 'fund = "apbn"', "funds.toml:17:", "add it as [[fund]]"),
    ("funds.toml", "= 60_000_000", "= 0.5", "funds.toml:20:", "a whole number"),
    (
        "programmes/gancang-aron-1.toml",
        "percent = 60",
        "percent = 70",
        "programmes/gancang-aron-1.toml:52:",
        "make them 100",
    ),
    (
        "programmes/gancang-aron-1.toml",
        "person.pbi_active == true",
        "person.pbi_active ==",
        "programmes/gancang-aron-1.toml:28:",
        "write CEL",
    ),
    (
        "programmes/gancang-aron-1.toml",
        "person.pbi_active == true",
        "person.pbi_actve == true",
        "programmes/gancang-aron-1.toml:28:",
        "did you mean pbi_active",
    ),
    (PROGRAMME, "person.pbi_active", "person['saldo_dompet']", ":28:", "known facts: pbi_active"),
    ("facts.toml", '"lives_alone"', '"age"', "facts.toml:46:", "leave it out"),
    ("facts.toml", '"int"', '"text"', "facts.toml:", "it is int everywhere"),
    ("programmes/gancang-aron-1.toml", '"kurir"', '"kuda"', ":14:", "add it to tariffs.toml"),
    ("villages.csv", "99.01.01.1001", "99.01.01.1002", "villages.csv:3:", "line 2"),
    ("villages.csv", "-2.5010,120.5020", "120.5020,-2.5010", "villages.csv:2:", "swapped"),
    ("villages.csv", "99.01.03.2002", "99.01.07.2002", "villages.csv:9:", "districts.csv"),
    ("organisations.csv", ",hospital,", ",ospedale,", "organisations.csv:2:", "one of hospital"),
    ("districts.csv", "code,name", "kode,name", "districts.csv:1:", "did you mean code"),
    ("holidays.csv", "2026-01-01", "2026-02-30", "holidays.csv:2:", "like 2026-08-17"),
    ("region.toml", "[travel]", "[travel", "region.toml:", "mend the TOML"),
    ("region.toml", 'slug = "contoh"', 'slug = "lain"', "region.toml:3:", "name both alike"),
    ("region.toml", "121.0, -2.0]", "119.0, -2.0]", "region.toml:10:", "west < east"),
    ("region.toml", "[120.0, ", "[-inf, ", "region.toml:10:", "west < east"),
    ("region.toml", '"Kabupaten Contoh"', r'"a\u0000b"', "region.toml:4:", "control"),
    ("villages.csv", "Pusat", "Pu\0sat", "villages.csv:2:", "control"),
    ("funds.toml", "60_000_000", "1" * 5000, "funds.toml:", "mend the TOML"),
    ("funds.toml", "60_000_000", "0x" + "f" * 5000, "funds.toml:20:", "a whole number"),
    ("funds.toml", "60_000_000", "[" * 20_000, "funds.toml:", "mend the TOML"),
    ("tariffs.toml", "2024-01-01", "2026-06-01", ":8:", "date the tariff earlier"),
    (PROGRAMME, "pays_rp = 0", "pays_rp = 9_000", ":13:", "write at most 7000"),
    (PROGRAMME, "carriers = []", 'carriers = ["rsud-contoh"]', ":11:", "of kind fleet"),
    (PROGRAMME, 'fund = "baznas"', 'fund = "apbd"', ":55:", "first is in line 51"),
    (PROGRAMME, "attempts_max = 3", 'policy = "kilat"\nattempts_max = 3', ":17:", "dispatch.toml"),
    (PROGRAMME, "attempts_max = 3", "priority = 0\nattempts_max = 3", ":17:", "from 1 to 1000"),
    (PAYING, "percent = 100", "percent = 101", ":13:", "from 1 to 100"),
    (PAYING, "percent = 100", "percent = 60", ":14:", "add a [[funder]]"),
    (PAYING, "pays_percent = 100", "pays_rp = 0\npatient_pays_percent = 100", ":14:", "one of the"),
    (PAYING, 'tariff = "kurir"', "", ":5:", "only a delivery needs one"),
    (
        PAYING,
        "attempts_max = 3",
        "calls_through_operator = 1\nattempts_max = 3",
        ":17:",
        "true or false",
    ),
    (VISIT, '"visit"', '"besuch"', ":5:", "one of deliver, visit"),
    (DISPATCH, '"lateness_s*10"', '"latenes_s*10"', ":7:", "mean lateness_s"),
    (DISPATCH, '"lateness_s*10"', '"lateness_s*-1"', ":7:", "neither a term nor term*weight"),
    (DISPATCH, '[["unserved"], ["lat', '[["unserved", "lat', ":7:", "'unserved', alone"),
    (DISPATCH, '"duration_s", "imb', '"wait_s", "imb', ":7:", "names each term once"),
    (DISPATCH, ', ["lateness_s*10', ', "wait_s", ["lateness_s*10', ":7:", "a list of lists"),
    (DISPATCH, ', ["off_share"]', "", ":17:", "no level weighs off_share"),
    (DISPATCH, "shares = [{", "share = [{", "dispatch.toml:18:", "did you mean share"),
    (DISPATCH, '"ojek-desa"', '"rsud-contoh"', ":18:", "of kind fleet"),
    (DISPATCH, "least_percent = 20", "least_percent = 70", ":17:", "between 70 and 60"),
    (DISPATCH, 'name = "bagi-rata"', 'name = "janji-dulu"', ":13:", "first is in line 3"),
    (DISPATCH, "iterations = 1_000", "iterations = -1", "dispatch.toml:8:", "from 0 to"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "where", "mend"), SPOILT)
def test_what_is_wrong_is_said_with_its_place_and_its_mend(
    pack: Path, file: str, right: str, wrong: str, where: str, mend: str
) -> None:
    text = (pack / file).read_text("utf-8")
    assert right in text, "the sample must spoil something"
    (pack / file).write_text(text.replace(right, wrong, 1), "utf-8")
    said = [str(problem) for problem in check_pack(pack)]
    assert any(where in line and mend in line for line in said), said
    with pytest.raises(BadPack):
        read_pack(pack)


def test_a_missing_file_and_a_missing_folder_are_named(pack: Path, tmp_path: Path) -> None:
    (pack / "villages.csv").unlink()
    assert "villages.csv" in str(check_pack(pack)[0])
    assert "no such folder" in str(check_pack(tmp_path / "nowhere")[0])


FILES = [*CSV, "region.toml", "tariffs.toml", "funds.toml", DISPATCH, PROGRAMME]


def test_a_pack_without_policies_is_planned_by_the_built_in_one(pack: Path) -> None:
    (pack / DISPATCH).unlink()
    assert read_pack(pack).region.config["dispatch"] == {"policies": []}
    assert policies_in_force(Region(config={}), NOW.date()) == [BUILT_IN]


def test_of_a_policy_that_stands_twice_the_newest_in_force_holds(pack: Path) -> None:
    path = pack / DISPATCH
    text = path.read_text("utf-8")
    newer = text.partition("[[policy]]")[2].partition("[[policy]]")[0]
    newer = newer.replace("2026-01-01", "2026-12-01").replace("lateness_s*10", "lateness_s*20")
    path.write_text(f"{text}\n[[policy]]{newer}", "utf-8")
    region = Region(config=read_pack(pack).region.config)
    weights = []
    for day in (NOW.date(), date(2026, 12, 1)):
        first = policies_in_force(region, day)[0]
        assert first.name == "janji-dulu"
        weights.append(dict(first.weighing({}).levels[1])[Term.LATENESS])
    assert weights == [10, 20]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(file=st.sampled_from(FILES), cut=st.integers(0, 2000), rubbish=st.binary(max_size=40))
def test_rubbish_in_any_file_is_a_problem_and_never_a_crash(
    pack: Path, file: str, cut: int, rubbish: bytes
) -> None:
    path = pack / file
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:cut] + rubbish + whole[cut:])
        for problem in check_pack(pack):
            assert problem.what
            assert problem.instead
    finally:
        path.write_bytes(whole)


def test_the_readme_documents_every_key_and_no_other() -> None:
    readme = (PACKS / "README.md").read_text("utf-8")
    documented = re.findall(r"^\| `([a-z_]+)` \| (yes|no) \| (.+) \|$", readme, re.MULTILINE)
    declared = [
        (name, "yes" if key.needed else "no", key.meaning)
        for tables in (*TOML.values(), CSV)
        for keys in tables.values()
        for name, key in keys.items()
    ]
    assert sorted(documented) == sorted(declared)


def said_by(pack: Path) -> list[str]:
    """What a load says. The village's office is the stories' own, in no pack."""
    said = packs.load(pack, by="tests", now=NOW)
    return [each for each in said if not each.startswith("organisation balai-desa:")]


@pytest.mark.django_db
def test_a_second_load_changes_nothing(pack: Path) -> None:
    packs.load(pack, by="tests", now=NOW)
    assert said_by(pack) == []


@pytest.mark.django_db
def test_what_changed_is_said_and_what_is_gone_is_kept(pack: Path) -> None:
    packs.load(pack, by="tests", now=NOW)
    with (pack / "villages.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    rows[1][1] = "Pusat Kota"
    gone = rows.pop(6)[0]  # nobody's seat
    with (pack / "villages.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    said = said_by(pack)
    assert said == [
        f"village {rows[1][0]}: changed",
        f"village {gone}: no longer in the pack; kept",
    ]
    assert Village.objects.filter(code=gone).exists()


@pytest.mark.django_db
def test_a_programme_in_use_never_changes_under_its_orders(pack: Path) -> None:
    packs.load(pack, by="tests", now=NOW)
    path = pack / "programmes/gancang-aron-1.toml"
    path.write_text(path.read_text().replace("promise_minutes = 300", "promise_minutes = 60"))
    said = said_by(pack)
    assert len(said) == 1
    assert "new version number" in said[0]


@pytest.mark.django_db
def test_a_tariff_gone_from_the_pack_is_kept_and_named_and_is_no_event(pack: Path) -> None:
    path = pack / "tariffs.toml"
    path.write_text(path.read_text().replace("2024-01-01", "2023-01-01"))
    packs.load(pack, by="tests", now=NOW)
    path.write_text(path.read_text().replace("2023-01-01", "2024-01-01"))
    packs.load(pack, by="tests", now=NOW)
    events = Event.objects.filter(kind="region.loaded").count()
    said = packs.load(pack, by="tests", now=NOW)
    assert "tariff kurir from 2023-01-01: no longer in the pack; kept" in said
    assert Event.objects.filter(kind="region.loaded").count() == events


@pytest.mark.django_db
def test_two_regions_never_share_a_short_name(pack: Path) -> None:
    packs.load(pack, by="tests", now=NOW)
    for path in pack.rglob("*.*"):
        path.write_text(path.read_text().replace("99.01", "98.01"))
    with pytest.raises(Refused, match=r"contoh belongs to region 99\.01"):
        packs.load(pack, by="tests", now=NOW)
    assert not Region.objects.filter(code="98.01").exists()


@pytest.mark.django_db
def test_two_regions_live_side_by_side() -> None:
    for name in ("banyuwangi", "contoh"):
        packs.load(PACKS / name, by="tests", now=NOW)
    assert Region.objects.count() == 2
    for region in Region.objects.all():
        assert District.objects.filter(region=region).exists()
        assert Organisation.objects.filter(region=region, kind="hospital").exists()
