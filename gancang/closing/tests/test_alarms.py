"""In December somebody is told which lines the next year lacks; a document ends alarms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gancang.closing.tests.conftest import CARRIES, RETURNS
from gancang.forecast.actions import tell_of_ends, tell_of_successors
from gancang.forecast.models import Notice
from gancang.forecast.queries import notices_to_see
from gancang.ledger.revising import Document, revise
from gancang.values import Money
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.closing.tests.conftest import OldYear


def test_who_enters_budgets_is_told_in_december_of_lines_that_the_next_year_lacks(
    old: OldYear,
) -> None:
    def tell(month: int, day: int) -> set[str]:
        now = datetime(old.year, month, day, 5, tzinfo=UTC)
        known = set(Notice.objects.values_list("pk", flat=True))
        tell_of_successors(old.region, by="tests", now=now)
        rows = Notice.objects.exclude(pk__in=known).select_related("budget__fund")
        return {row.budget.fund.code for row in rows} & {CARRIES, RETURNS}

    assert tell(11, 15) == set()
    assert tell(12, 2) == {CARRIES}, "the other has its line"
    assert tell(12, 3) == set(), "told once"
    assert tell(12, 26) == {CARRIES}
    page = client_of(old.cast.treasurer).get("/forecast/").content.decode()
    assert "anggaran tahun berikut belum dimasukkan" in page


def test_a_document_ends_what_was_told_and_a_new_end_is_told_anew(old: OldYear) -> None:
    treasurer = old.cast.member(old.cast.treasurer)

    def told() -> list[int]:
        rows = notices_to_see(treasurer).filter(budget__fund__code=RETURNS, kind="ends")
        return list(rows.values_list("days", flat=True))

    now = datetime(old.year, 11, 15, 5, tzinfo=UTC)
    old.reserve("R-1", 1_000_000, RETURNS)
    tell_of_ends(old.region, by="tests", now=now)
    assert told() == [0]
    line = old.line(RETURNS, old.year)
    more = Document(number="P-1", on=now.date(), after=Money(1_200_000), reason="perubahan")
    revise(line, more, by=old.cast.treasurer, now=now)
    assert told() == []
    old.reserve("R-2", 200_000, RETURNS)
    tell_of_ends(old.region, by="tests", now=now)
    assert told() == [0]
