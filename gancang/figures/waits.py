"""Reading what was counted at the counter, and laying it beside those served at home. Pure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from gancang.figures.rules import DELIVERED, Spread, spread_of
from gancang.values import N_, Reason, Refused
from gancang.web.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gancang.figures.rules import Journey

COLUMNS = ("poli", "tanggal", "jam_masuk", "jam_terima", "racikan")
ROWS_MAX = 5_000
CLINIC_MAX = 80
FEW = 30  # of fewer a median says little
YES = {"ya", "y", "1", "true"}


class Why(Reason):
    """Why something counted at the counter is not taken."""

    NO_HEAD = "no_head", N_("The first line must name the columns: {columns}.")
    NO_TEXT = "no_text", N_("The file is not text in UTF-8; save it as CSV UTF-8.")
    TOO_MANY = "too_many", N_("A file may have at most {rows} lines; send a month at a time.")
    BAD_LINE = "bad_line", N_("Line {line}: {why}")
    NO_CLINIC = "no_clinic", N_("the clinic is missing or longer than 80 letters.")
    NO_DAY = "no_day", N_("the day must look like 2026-11-24.")
    NO_TIME = "no_time", N_("both times must look like 09:40.")
    BACKWARDS = "backwards", N_("the medicine was in hand before the prescription was handed in.")
    TO_COME = "to_come", N_("this lies in the future.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One patient who was asked and stayed."""

    clinic: str
    compounded: bool
    came_at: datetime
    served_at: datetime

    @property
    def minutes(self) -> float:
        """From handing the prescription in to the medicine in his hand."""
        return (self.served_at - self.came_at).total_seconds() / 60


def read_wait(row: Mapping[str, str | None], *, zone: ZoneInfo, now: datetime) -> Wait:
    """One line, by the region's clock. Refused where it cannot be."""
    clinic = (row.get("poli") or "").strip().replace("\0", "")
    if not clinic or len(clinic) > CLINIC_MAX:
        raise Refused(Why.NO_CLINIC)
    try:
        day = date.fromisoformat((row.get("tanggal") or "").strip())
    except ValueError as error:
        raise Refused(Why.NO_DAY) from error
    came, served = (_at(row.get(name), day, zone) for name in ("jam_masuk", "jam_terima"))
    if served < came:
        raise Refused(Why.BACKWARDS)
    if served > now:
        raise Refused(Why.TO_COME)
    compounded = (row.get("racikan") or "").strip().lower() in YES
    return Wait(clinic=clinic, compounded=compounded, came_at=came, served_at=served)


def _at(text: str | None, day: date, zone: ZoneInfo) -> datetime:
    try:
        told = time.fromisoformat((text or "").strip().replace(".", ":"))
    except ValueError as error:
        raise Refused(Why.NO_TIME) from error
    return datetime.combine(day, told.replace(tzinfo=None), zone)


def read_file(data: bytes, *, zone: ZoneInfo, now: datetime) -> list[Wait]:
    """All lines of a file, or Refused with the first that cannot be: nothing is half taken."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(Why.NO_TEXT) from error
    try:
        lines, _sign = rows_of(text, known=COLUMNS)
    except csv.Error as error:
        raise Refused(Why.NO_TEXT) from error
    names = [cell.lower() for cell in lines[0].cells] if lines else []
    if not set(COLUMNS[:4]) <= set(names):
        raise Refused(Why.NO_HEAD, columns=", ".join(COLUMNS))
    if len(lines) - 1 > ROWS_MAX:
        raise Refused(Why.TOO_MANY, rows=ROWS_MAX)
    found = []
    for line in lines[1:]:
        try:
            told = dict(zip(names, line.cells, strict=False))
            found.append(read_wait(told, zone=zone, now=now))
        except Refused as refusal:
            raise Refused(Why.BAD_LINE, line=line.number, why=refusal) from refusal
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One clinic (or "": all): those who stayed, and those served at home."""

    clinic: str
    stayed: Spread | None  # handed in to in hand, at the counter
    ready: Spread | None  # handed in to ready, of those served at home
    door: Spread | None  # handed in to the door

    @property
    def is_few(self) -> bool:
        """Whether one of the two groups is too small to tell much."""
        counts = [spread.count if spread else 0 for spread in (self.stayed, self.door)]
        return min(counts) < FEW


def beside(waits: Sequence[Wait], journeys: Sequence[Journey]) -> list[Beside]:
    """Those who stayed beside those served at home: all, then clinic by clinic."""
    if not waits:
        return []
    home = [each for each in journeys if each.state == DELIVERED]
    clinics = sorted({wait.clinic for wait in waits} | {each.clinic for each in home})
    return [_beside("", waits, home)] + [
        _beside(
            clinic,
            [wait for wait in waits if wait.clinic == clinic],
            [each for each in home if each.clinic == clinic],
        )
        for clinic in clinics
    ]


def _beside(clinic: str, waits: Iterable[Wait], home: Sequence[Journey]) -> Beside:
    return Beside(
        clinic=clinic,
        stayed=spread_of(wait.minutes for wait in waits),
        ready=spread_of(each.minutes("waiting") for each in home),
        door=spread_of(each.minutes("whole") for each in home),
    )
