"""Reading a region pack: a frozen `Pack`, or all that is wrong with it, file and line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.regions.neighbours import with_round_ways
from gancang.regions.pack_checks import check_links, policy_of
from gancang.regions.pack_enrolling import ENROLLING
from gancang.regions.pack_files import Files, Problem, Row, read_files
from gancang.regions.pack_letters import letters_of
from gancang.regions.pack_menus import menus_told
from gancang.regions.pack_money import money_told
from gancang.regions.pack_schema import LISTS
from gancang.regions.pack_shops import shops_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


class BadPack(Exception):
    """A pack that cannot be loaded; `problems` says all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionTerms:
    """The region itself."""

    code: str
    slug: str
    name: str
    province: str
    timezone: str
    languages: tuple[str, ...]
    phone: str
    config: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FundTerms:
    """Somebody's money."""

    code: str
    name: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetTerms:
    """What a fund gives to a programme in a year."""

    fund: str
    programme: str
    year: int
    amount_rp: int
    decree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTerms:
    """A dated agreement."""

    code: str
    parties: tuple[str, ...]
    from_date: date
    until_date: date
    document: str
    signatories: tuple[str, ...] = ()
    version: int = 1
    areas: tuple[str, ...] = ()
    cap_rp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseTerms:
    """One way to be eligible."""

    code: str
    when: str
    sentence_id: str
    sentence_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderTerms:
    """A fund's share, its turn, and where it ends."""

    fund: str
    percent: int = 100
    order: int = 1
    agreement: str = ""
    ceiling_order_rp: int | None = None
    ceiling_month_rp: int | None = None
    ceiling_year_rp: int | None = None
    area_ceilings: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTerms:
    """A programme as the pack tells it."""

    code: str
    version: int
    name: str
    description: str
    kind: str
    rank: int
    item_class: str
    item: str
    proof: tuple[str, ...]
    may_be_left: bool
    unit_price_rp: int
    once: str
    counts_people: bool
    verify_first: bool
    report_days: int | None
    callback_hours: int | None
    callback_tries: int | None
    amounts: tuple[tuple[str, int], ...]
    success: tuple[tuple[str, int], ...]
    servings: dict[str, Any]
    voucher: dict[str, Any]
    letters: dict[str, dict[str, str]]  # event to words by language; no words: not sent
    active_from: date
    until: date | None
    facts_max_age_days: int
    from_organisations: tuple[str, ...]
    carriers: tuple[str, ...]
    training_class: str
    patient_pays_rp: int
    patient_pays_percent: int
    tariff: str
    promise_minutes: int
    offer_seconds: int
    attempts_max: int
    retry_after_hours: tuple[int, ...] | None
    hold_days: int | None
    return_within_hours: int | None
    calls_through_operator: bool
    priority: int
    on_board_minutes_max: int | None
    policy: str
    enrolling: dict[str, Any]
    agreements: tuple[AgreementTerms, ...]
    clauses: tuple[ClauseTerms, ...]
    funders: tuple[FunderTerms, ...]
    told: dict[str, Any]
    complaint_hours: int | None = None
    fallback: tuple[dict[str, Any], ...] = ()
    """Its file's own keys, as JSON can keep them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A whole pack, checked. Places, holidays, tariffs, medicine classes stay rows for `load`."""

    region: RegionTerms
    districts: tuple[Row, ...]
    villages: tuple[Row, ...]
    organisations: tuple[Row, ...]
    holidays: tuple[Row, ...]
    tariffs: tuple[Row, ...]
    medicine_classes: tuple[Row, ...]
    letters: dict[str, Any]
    funds: tuple[FundTerms, ...]
    budgets: tuple[BudgetTerms, ...]
    programmes: tuple[ProgrammeTerms, ...]


def check_pack(folder: Path) -> list[Problem]:
    """All that is wrong with the pack in `folder`; an empty list for a good one."""
    return _judged(folder)[1]


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises BadPack with all its problems."""
    files, problems = _judged(folder)
    if problems:
        raise BadPack(problems)
    return Pack(
        region=_region(files),
        districts=tuple(files["districts.csv"]),
        villages=tuple(files["villages.csv"]),
        organisations=tuple(files["organisations.csv"]),
        holidays=tuple(files["holidays.csv"]),
        tariffs=tuple(files["tariff"]),
        medicine_classes=tuple(files["medicine_class"]),
        letters=letters_of(files),
        funds=tuple(FundTerms(**row.values) for row in files["fund"]),
        budgets=tuple(BudgetTerms(**row.values) for row in files["budget"]),
        programmes=tuple(programme_of(row) for row in files["programme"]),
    )


def _judged(folder: Path) -> tuple[Files, list[Problem]]:
    files, problems = read_files(folder)
    # Links between rows are judged only once every row is sound by itself.
    return files, problems or sorted([*_misnamed(folder, files["region"][0]), *check_links(files)])


def _misnamed(folder: Path, region: Row) -> Iterator[Problem]:
    """Commands call a region by its folder; a copy with the old slug would load over the first."""
    name, slug = folder.resolve().name, region.values["slug"]
    if name != slug:
        what = f"slug is {slug!r} in a folder named {name!r}"
        yield Problem(region.file, region.line_of("slug"), what, "name both alike")


def _region(files: dict[str, list[Row]]) -> RegionTerms:
    values = dict(files["region"][0].values)
    return RegionTerms(
        languages=tuple(values.pop("languages")),
        config={
            "emergency_phone": values.pop("emergency_phone"),
            "bounds": values.pop("bounds"),
            "source": values.pop("source"),
            "travel": with_round_ways(files),
            "desk": files["desk"][0].values,
            "money": money_told(files),
            "access": files["access"][0].values if files["access"] else {},
            "facts": [row.values for row in files["fact"]],
            "fleet": {
                "papers": [_paper(row.values) for row in files["paper"]],
                "positions": files["positions"][0].values if files["positions"] else {},
            },
            "shops": shops_told(files),
            "menus": menus_told(files),
            "recheck": files["recheck"][0].values if files["recheck"] else {},
            "rotation": files["rotation"][0].values if files["rotation"] else {},
            "dispatch": {"policies": [policy_of(row).told() for row in files["policy"]]},
            "reach": {
                "pharmacies": [row.values for row in files["pharmacy"]],
                "ways": [row.values for row in files["way"]],
            },
        },
        **values,
    )


def _retries(hours: list[int] | None) -> tuple[int, ...] | None:
    return None if hours is None else tuple(hours)


def _paper(values: dict[str, Any]) -> dict[str, Any]:
    # What is kept as JSON knows no dates.
    return {**values, "from": values["from"].isoformat()}


def _told(value: object) -> Any:
    # What is kept as JSON knows no dates.
    if isinstance(value, Row):
        # A list that the file does not have is none, not an empty one.
        told = {key: _told(each) for key, each in value.values.items()}
        return {key: each for key, each in told.items() if key not in LISTS or each}
    if isinstance(value, list):
        return [_told(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _agreements(rows: Iterable[Row]) -> tuple[AgreementTerms, ...]:
    return tuple(
        AgreementTerms(
            code=deal.values["code"],
            parties=tuple(deal.values["parties"]),
            from_date=deal.values["from"],
            until_date=deal.values["until"],
            document=deal.values["document"],
            signatories=tuple(deal.values.get("signatories", ())),
            version=deal.values.get("version", 1),
            areas=tuple(deal.values.get("areas", ())),
            cap_rp=deal.values.get("cap_rp"),
        )
        for deal in rows
    )


# What a visit, a ride or a transfer may say, and what it need not.
WHERE_NO_RIDER_CARRIES: dict[str, Any] = {
    "training_class": "",
    "promise_minutes": 1440,
    "offer_seconds": 90,
    "attempts_max": 1,
    "unit_price_rp": 0,
    "once": "",
    "counts_people": False,
    "verify_first": False,
    "report_days": None,
    "callback_hours": None,
    "callback_tries": None,
}


OF_SERVINGS = (
    "meal_rp",
    "stop_rp",
    "stops_max",
    "round_minutes",
    "turn_days",
    "welfare_misses",
    "if_stall_fails",
)


def _servings(values: dict[str, Any]) -> dict[str, Any]:
    """What a programme says of meals by a calendar; empty where it has none. Takes it out."""
    told = {name: values.pop(name) for name in OF_SERVINGS if name in values}
    meals = [meal.values for meal in values.pop("meal")]
    return {**told, "meals": meals} if meals else {}


def _pairs(rows: Sequence[Row], one: str, other: str) -> tuple[tuple[str, int], ...]:
    return tuple((row.values[one], row.values[other]) for row in rows)


def _letters(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """A programme's own letters: the words by language, "" for whoever reads no other."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        told = found.setdefault(row.values["event"], {})
        if not row.values.get("off") and "text" in row.values:
            told[row.values.get("language", "")] = row.values["text"]
    return found


def programme_of(row: Row) -> ProgrammeTerms:
    """A programme's file, checked, as its terms."""
    values = dict(row.values)
    return ProgrammeTerms(
        fallback=tuple(each.values for each in values.pop("fallback")),
        told=_told(row),
        agreements=_agreements(values.pop("agreement")),
        clauses=tuple(ClauseTerms(**clause.values) for clause in values.pop("clause")),
        funders=tuple(
            FunderTerms(**{**f.values, "area_ceilings": tuple(f.values.get("area_ceilings", ()))})
            for f in values.pop("funder")
        ),
        until=values.pop("until", None),
        rank=values.pop("rank", 1),
        item=values.pop("item", ""),
        proof=tuple(values.pop("proof", ())),
        may_be_left=values.pop("may_be_left", False),
        servings=_servings(values),
        voucher={k: v for row in values.pop("voucher") for k, v in row.values.items()},
        letters=_letters(values.pop("letter")),
        success=_pairs(values.pop("success"), "number", "target"),
        amounts=_pairs(values.pop("amount"), "when", "amount_rp"),
        **{name: values.pop(name, usual) for name, usual in WHERE_NO_RIDER_CARRIES.items()},
        patient_pays_rp=values.pop("patient_pays_rp", 0),
        patient_pays_percent=values.pop("patient_pays_percent", 0),
        tariff=values.pop("tariff", ""),
        priority=values.pop("priority", 1),
        on_board_minutes_max=values.pop("on_board_minutes_max", None),
        policy=values.pop("policy", ""),
        enrolling={name: values.pop(name) for name in ENROLLING if name in values},
        retry_after_hours=_retries(values.pop("retry_after_hours", None)),
        hold_days=values.pop("hold_days", None),
        calls_through_operator=values.pop("calls_through_operator", False),
        return_within_hours=values.pop("return_within_hours", None),
        from_organisations=tuple(values.pop("from_organisations")),
        carriers=tuple(values.pop("carriers")),
        **values,
    )
