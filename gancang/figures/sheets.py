"""The figures as a CSV and as a spreadsheet that an office opens as it is."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from gancang.figures.rules import LEGS
from gancang.figures.waits import COLUMNS
from gancang.web.files import cell_of, csv_of
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gancang.figures.coverage import Coverage, Row
    from gancang.figures.rules import Figures, Journey, Spread
    from gancang.figures.waits import Beside, Wait

Cell = str | int | float
HEADS = [
    "order",
    "clinic",
    "tier",
    "district",
    "village",
    "state",
    "compounded",
    "attempts",
    "written_at",
    "received_at",
    "ready_at",
    "collected_at",
    "door_at",
    "cost_rp",
    "patient_rp",
]


def as_csv(journeys: Sequence[Journey], *, zone: str) -> bytes:
    """A line an order, times by the region's clock."""
    return csv_of(HEADS, _lines(journeys, zone))


def _lines(journeys: Iterable[Journey], zone: str) -> Iterable[list[Cell]]:
    here = ZoneInfo(zone)
    for journey in journeys:
        yield [_cell(getattr(journey, head), here) for head in HEADS]


def _cell(value: object, here: ZoneInfo) -> Cell:
    if isinstance(value, datetime):
        value = value.astimezone(here).strftime("%Y-%m-%d %H:%M:%S")
    return cell_of(value)


def waits_csv(waits: Sequence[Wait], *, zone: str) -> bytes:
    """A line a patient who waited at the counter, as `waits.read_file` takes it again."""
    return csv_of(COLUMNS, (_waited(wait, ZoneInfo(zone)) for wait in waits))


def _waited(wait: Wait, here: ZoneInfo) -> list[str]:
    came, served = wait.came_at.astimezone(here), wait.served_at.astimezone(here)
    times = [f"{came:%Y-%m-%d}", f"{came:%H:%M:%S}", f"{served:%H:%M:%S}"]
    return [wait.clinic, *times, "ya" if wait.compounded else ""]


def as_xlsx(
    figures: Figures,
    journeys: Sequence[Journey],
    *,
    beside: Sequence[Beside],
    told: str,
    zone: str,
) -> bytes:
    """A sheet a table, and the orders behind them all."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        for name, rows in [
            *_sheets(figures, journeys, told, zone),
            (_("Beside the counter"), _beside(beside)),
        ]:
            sheet = book.add_worksheet(name[:31])
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row, bold if at == 0 else None)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 20, 18)
    return file.getvalue()


def _sheets(
    figures: Figures, journeys: Sequence[Journey], told: str, zone: str
) -> list[tuple[str, list[list[Cell]]]]:
    return [
        (_("Summary"), _summary(figures, told)),
        (_("Clinics"), _clinics(figures)),
        (_("Cost"), _costs(figures)),
        (_("Coverage"), _coverage(figures)),
        (_("Failed visits"), _reasons(figures)),
        (_("Orders"), [list(HEADS), *_lines(journeys, zone)]),
    ]


def _reasons(figures: Figures) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[_("Reason"), _("Visits")]]
    rows += [[reason, count] for reason, count in figures.reasons]
    return rows


def _summary(figures: Figures, told: str) -> list[list[Cell]]:
    return [
        [_("Period"), told],
        [_("Orders"), figures.orders],
        [_("Delivered"), figures.delivered],
        [_("Still open"), figures.open],
        [_("At the first visit"), figures.first_try],
        [_("Visited"), figures.visited],
        [_("Minutes of waiting saved"), figures.saved_min],
        [_("Prescription to door, median and 90 % (min)"), *_two(figures.whole)],
    ]


def _two(spread: Spread | None) -> list[Cell]:
    return ["", ""] if spread is None else [round(spread.median, 1), round(spread.p90, 1)]


def _clinics(figures: Figures) -> list[list[Cell]]:
    heads: list[Cell] = [_("Clinic"), _("Orders"), _("In the standard"), _("Of")]
    for words in LEGS.values():
        heads += [f"{_(words)} 50 %", f"{_(words)} 90 %"]
    rows: list[list[Cell]] = [heads]
    for each in figures.clinics:
        row: list[Cell] = [each.clinic, each.orders, each.in_standard, each.judged]
        for leg in LEGS:
            row += _two(each.legs[leg])
        rows.append(row)
    return rows


def _beside(found: Sequence[Beside]) -> list[list[Cell]]:
    heads: list[Cell] = [_("Clinic")]
    for words in (_("Stayed at the counter"), _("At home, ready"), _("At home, at the door")):
        heads += [f"{words}: n", f"{words} 50 %", f"{words} 90 %"]
    rows: list[list[Cell]] = [heads]
    for each in found:
        row: list[Cell] = [each.clinic or _("All clinics")]
        for spread in (each.stayed, each.ready, each.door):
            row += [spread.count if spread else 0, *_two(spread)]
        rows.append(row)
    return rows


def _costs(figures: Figures) -> list[list[Cell]]:
    heads: list[Cell] = [_("Tier"), _("District"), _("Delivered"), _("Mean cost (Rp)")]
    rows: list[list[Cell]] = [[*heads, _("Of it by patients (Rp)")]]
    rows += [[c.tier, c.district, c.delivered, c.mean_rp, c.patient_rp] for c in figures.costs]
    return rows


def _coverage(figures: Figures) -> list[list[Cell]]:
    heads: list[Cell] = [_("District"), _("Orders"), _("Delivered"), _("Villages reached"), _("Of")]
    rows: list[list[Cell]] = [heads]
    rows += [
        [c.district, c.orders, c.delivered, c.villages_reached, c.villages]
        for c in figures.coverage
    ]
    return rows


COVERAGE_HEADS = (
    "village_code",
    "village",
    "district",
    "population",
    "population_is_estimate",
    "letter",
    "status",
    "minutes_to_door",
    "way",
    "cost_rp",
    "tariff_decree",
    "ride_minutes",
    "ride_minutes_nine_of_ten",
    "metres",
    "way_source",
    "other_way",
    "other_cost_rp_trip",
    "other_cost_rp_month",
    "other_why_not",
)


def coverage_csv(coverage: Coverage, rows: Sequence[Row]) -> bytes:
    """A line a village, and a further one for each further way by which it could be covered."""
    return csv_of(COVERAGE_HEADS, (line for row in rows for line in _covered(row, coverage)))


def _covered(row: Row, coverage: Coverage) -> Iterator[list[object]]:
    chosen, trip, village = row.told.chosen, row.trip, row.village
    known: list[object] = [
        village.code,
        village.name,
        village.district.name,
        village.population,
        village.population_is_estimate,
        row.letter,
        row.status,
        round(row.takes.total_seconds() / 60) if row.takes is not None else None,
        chosen.way.title if chosen else "",
        chosen.cost.rupiah if chosen and chosen.cost else None,
        coverage.decree,
        trip.ride_min,
        trip.late_min,
        trip.metres,
        trip.source,
    ]
    others = [] if row.status == "good" else row.covers()
    for cover in others:
        why, month = cover.answer.why_not, cover.month
        yield [
            *known,
            cover.answer.way.title,
            cover.trip.rupiah,
            month.rupiah if month is not None else None,
            sentence_of(why) if why else "",
        ]
    if not others:
        yield [*known, "", None, None, ""]
