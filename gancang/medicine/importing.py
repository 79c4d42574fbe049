"""Taking in a file of prescriptions: all rows are judged, then all are placed, or none is.

A good file is staged whole in one transaction and placed in short ones, so that the counter
never waits long and an import that was killed goes on when the same file is given again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from gancang.ledger.purses import Foresight
from gancang.medicine.actions import Counter, needed_for, place_all
from gancang.medicine.files import COLUMNS, BadFile, Row, read_rows
from gancang.medicine.import_report import TOLD_ROWS_MAX, BadRow, Report
from gancang.medicine.judging import judge_drafts
from gancang.medicine.models import Import, ImportRow
from gancang.medicine.queries import numbers_known, orders_of_others
from gancang.medicine.rules import Draft, Why, read_draft
from gancang.medicine.tiers import decide
from gancang.programmes.actions import Claim
from gancang.programmes.rules import Why as ProgrammeWhy
from gancang.regions.models import Organisation, Region, Village
from gancang.regions.queries import list_organisations, today_in, villages_by_code
from gancang.values import Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from io import BufferedReader

T = TypeVar("T")

CHUNK_ROWS = 500  # judged and staged at a time
BATCH_ROWS = 100  # placed in one transaction: the counter waits for one of these at most
# Whoever does not go on with an import within this time has to give its file anew; patients'
# data does not wait here for ever.
STAGED_DAYS_MAX = timedelta(days=30)
DAYS = ("birth_date", "pbi_as_of", "village_letter_as_of", "desil_as_of", "local_list_as_of")
COLUMN_OF = {name: column for column, name in COLUMNS.items()}
# Eligibility that hangs on a row; every other refusal concerns the whole file.
ROW_REFUSALS: dict[Reason, str] = {
    ProgrammeWhy.NOT_ELIGIBLE: "pbi",
    ProgrammeWhy.FACTS_TOO_OLD: "tanggal_pbi",
    ProgrammeWhy.PRICE_NOT_ACCEPTED: "setuju_bayar",
}
COLUMN_OF_FACT: dict[object, str] = {
    "village_letter": "tanggal_spm",
    "desil": "tanggal_desil",
    "local_list": "tanggal_daftar_daerah",
    "judged_in_need": "perlu_kunjungan",
}


def run_import(
    path: Path,
    *,
    region: Region,
    origin_code: str | None,
    dry_run: bool,
    by: str,
    now: datetime,
) -> Report:
    """Judge a whole file and place it; or only say what would happen. Refused without a file."""
    counter = Counter(origin=_hospital(region, origin_code), door="csv", by=by)
    try:
        with path.open("rb") as file:
            if dry_run:
                return _try_out(file, counter, now=now)
            batch, report = stage(file, counter, now=now)
    except OSError as error:
        raise Refused(Why.NO_FILE, file=path.name) from error
    return place_staged(batch, counter, report, now=now) if batch else report


def _hospital(region: Region, code: str | None) -> Organisation:
    hospitals = list_organisations(region, [Organisation.Kind.HOSPITAL])
    names = ", ".join(hospital.code for hospital in hospitals)
    if code is None:
        if len(hospitals) != 1:
            raise Refused(Why.NAME_THE_HOSPITAL, hospitals=names)
        return hospitals[0]
    for hospital in hospitals:
        if hospital.code == code:
            return hospital
    raise Refused(Why.NO_SUCH_HOSPITAL, origin=code, hospitals=names)


class _NotToBeKept(Exception):
    """Takes the report out of a transaction that has to leave nothing behind."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def _try_out(file: BufferedReader, counter: Counter, *, now: datetime) -> Report:
    judging = _Judging(counter, now)
    for _good in judging.good_drafts(file):
        pass
    return judging.report(_name_of(file), dry_run=True)


def stage(file: BufferedReader, counter: Counter, *, now: datetime) -> tuple[Import | None, Report]:
    """Judge every row of a file, and keep the whole file for placing if all are good.

    None with the report of what is wrong, or where the same file was placed before. What a
    killed import left staged is judged again with the rest: a day may have passed.
    """
    digest = file_digest(file, "sha256").hexdigest()
    file.seek(0)
    try:
        with transaction.atomic():
            return _stage(file, digest, counter, now=now)
    except _NotToBeKept as found:
        return None, found.report


def _stage(
    file: BufferedReader, digest: str, counter: Counter, *, now: datetime
) -> tuple[Import | None, Report]:
    _forget_old(counter.origin, now=now)
    batch, is_new = Import.objects.get_or_create(
        origin=counter.origin,
        digest=digest,
        defaults={"region": counter.region, "by": counter.by, "started_at": now},
    )
    # The same file twice at once: the second waits here, and judges what the first has left.
    batch = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
    staged = ImportRow.objects.filter(batch=batch)
    if not is_new and not staged.exists():
        return None, Report(file=_name_of(file), rows=batch.rows, already=batch.rows)
    staged.delete()
    judging = _Judging(counter, now)
    for good in _chunks(judging.good_drafts(file), CHUNK_ROWS):
        ImportRow.objects.bulk_create(
            ImportRow(batch=batch, row=row, draft=_written(draft)) for row, draft in good
        )
    report = judging.report(_name_of(file), dry_run=False)
    if not report.ok:
        raise _NotToBeKept(report)
    Import.objects.filter(pk=batch.pk).update(rows=report.rows, started_at=now)
    return batch, report


def _forget_old(origin: Organisation, *, now: datetime) -> None:
    old = Import.objects.filter(origin=origin, started_at__lt=now - STAGED_DAYS_MAX)
    old.filter(importrow__isnull=False).delete()


def place_staged(batch: Import, counter: Counter, report: Report, *, now: datetime) -> Report:
    """Place what is staged, batch by batch; what is placed stays, whatever stops the rest."""
    placed, refused = 0, report.refused
    while True:
        try:
            done = _place_next(batch, counter, now=now)
        except Refused as refusal:
            refused = (*refused, refusal)
            break
        if not done:
            break
        placed += done
    return Report(
        file=report.file,
        rows=report.rows,
        placed=placed,
        already=report.already,
        left=ImportRow.objects.filter(batch=batch).count(),
        refused=refused,
    )


@transaction.atomic
def _place_next(batch: Import, counter: Counter, *, now: datetime) -> int:
    """Place the next staged rows and take them from the stage; how many."""
    Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
    rows = list(ImportRow.objects.filter(batch=batch).order_by("row")[:BATCH_ROWS])
    if rows:
        place_all([_read(row.draft) for row in rows], counter, now=now)
        ImportRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@dataclass(slots=True)
class _Judging:
    """Reads a file once, in bounded memory, and gathers what its report will say."""

    counter: Counter
    now: datetime
    rows: int = 0
    good: int = 0
    already: int = 0
    problems: list[BadRow] = field(default_factory=list)
    bad_rows: int = 0
    refused: list[Refused] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)  # prescription numbers by their row
    foresight: Foresight = field(init=False)

    def __post_init__(self) -> None:
        self.foresight = Foresight(self.counter.region, self.now)

    def good_drafts(self, file: BufferedReader) -> Iterator[tuple[int, Draft]]:
        """The rows that can be placed and are not there yet; after a bad one, no more."""
        villages = villages_by_code(self.counter.region)
        try:
            for chunk in _chunks(read_rows(file), CHUNK_ROWS):
                drafts = self._new_ones(self._read_rows(chunk, villages))
                good = self._entitled(drafts, villages)
                self.good += len(good)
                if not self.bad_rows:
                    yield from good
        except BadFile as bad:
            self.refused += [Refused(reason, **facts) for reason, facts in bad.problems]
        except Refused as refusal:
            self.refused.append(refusal)

    def report(self, name: str, *, dry_run: bool) -> Report:
        """What was found, with the budgets that do not reach for all good rows together."""
        if not self.bad_rows and not self.refused:
            self.refused += self.foresight.refusals()
        return Report(
            file=name,
            dry_run=dry_run,
            rows=self.rows,
            placed=self.good if dry_run else 0,
            already=self.already,
            bad_rows=self.bad_rows,
            problems=tuple(self.problems),
            refused=tuple(self.refused),
        )

    def _read_rows(
        self, rows: Sequence[Row], villages: Mapping[str, Village]
    ) -> list[tuple[int, Draft]]:
        today = today_in(self.counter.region, self.now)
        drafts = []
        for row in rows:
            self.rows += 1
            if row.why:
                self._bad(row.number, [(row.column, row.why, row.facts)])
                continue
            draft = read_draft(row.typed, villages=villages, today=today)
            if not isinstance(draft, Draft):
                told = [(COLUMN_OF[p.field], p.why, p.facts) for p in draft]
                self._bad(row.number, told)
            elif (first := self.seen.setdefault(draft.number, row.number)) != row.number:
                facts = {"number": draft.number, "row": first}
                self._bad(row.number, [("nomor_resep", Why.DOUBLE_NUMBER, facts)])
            else:
                drafts.append((row.number, draft))
        return self._to_be_brought(drafts)

    def _to_be_brought(self, drafts: list[tuple[int, Draft]]) -> list[tuple[int, Draft]]:
        """Those whose medicine may travel, all of it or some."""
        judged = judge_drafts([d for _, d in drafts], self.counter.region, now=self.now)
        good = []
        for (row, draft), answer in zip(drafts, judged, strict=True):
            if isinstance(answer, Refused):
                self._bad(row, [("obat", answer.reason, answer.facts)])
            else:
                good.append((row, draft))
        return good

    def _new_ones(self, drafts: list[tuple[int, Draft]]) -> list[tuple[int, Draft]]:
        known = numbers_known(self.counter.origin, [draft.number for _, draft in drafts])
        repeated = {draft.number: row for row, draft in drafts if draft.number in known}
        others = orders_of_others(self.counter.origin, [d for _, d in drafts if d.number in known])
        for number, code in others.items():
            facts = {"number": number, "order": code}
            self._bad(repeated[number], [("nomor_resep", Why.SAME_NUMBER_OTHER_PATIENT, facts)])
        self.already += len(known) - len(others)
        return [(row, draft) for row, draft in drafts if draft.number not in known]

    def _entitled(
        self, drafts: list[tuple[int, Draft]], villages: Mapping[str, Village]
    ) -> list[tuple[int, Draft]]:
        """Those that the programme serves. Refused where it serves nobody at all."""
        answers = decide([d for _, d in drafts], villages, self.counter, now=self.now)
        good, wanted = [], []
        for (row, draft), answer in zip(drafts, answers, strict=True):
            if isinstance(answer, Claim):
                code = draft.number  # nothing is placed yet: no order has a code
                wanted.append(needed_for(code, draft, answer, self.counter, now=self.now))
                good.append((row, draft))
            elif answer.reason in ROW_REFUSALS:
                column = COLUMN_OF_FACT.get(answer.facts.get("fact"), ROW_REFUSALS[answer.reason])
                self._bad(row, [(column, answer.reason, answer.facts)])
            else:
                raise answer
        self.foresight.add(wanted)
        return good

    def _bad(self, row: int, told: Iterable[tuple[str, Reason, Mapping[str, object]]]) -> None:
        self.bad_rows += 1
        if self.bad_rows <= TOLD_ROWS_MAX:
            self.problems += [BadRow(row, column, why, facts) for column, why, facts in told]


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def _name_of(file: BufferedReader) -> str:
    return Path(str(getattr(file, "name", ""))).name


def _written(draft: Draft) -> str:
    return json.dumps(asdict(draft), default=date.isoformat, ensure_ascii=False)


def _read(text: str) -> Draft:
    told = json.loads(text)
    days = {name: text for name in DAYS if (text := told.pop(name, None))}
    return Draft(
        **{"birth_date": None, **told, **{n: date.fromisoformat(text) for n, text in days.items()}}
    )
