"""Whatever bytes a file holds: no breakdown, nothing half-written, a reason in Indonesian."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from typing import TYPE_CHECKING

from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gancang.medicine.actions import Counter
from gancang.medicine.files import COLUMNS, LINE_BYTES_MAX, BadFile, read_rows
from gancang.medicine.importing import place_staged, stage
from gancang.medicine.models import Import, ImportRow, Prescription
from gancang.orders.models import Order

from .csv_files import row_of, text_of

if TYPE_CHECKING:
    from gancang.medicine.import_report import Report
    from tests.cast import Cast

BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HEADER = ",".join(COLUMNS).encode()
# Pieces of which broken files are made: separators, quotes, ends, other encodings, formulas.
PIECES = st.sampled_from(
    [
        b",", b";", b'"', b'""', b"\r\n", b"\n", b"\r", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf",
        b"=1+1", b"@x", b"ya", "é".encode(), "é".encode("latin-1"), b" ", b"\t", b"a" * 5000,
    ]
)  # fmt: skip
TAILS = st.lists(PIECES, max_size=40).map(b"".join)


def bring(cast: Cast, content: bytes) -> Report:
    counter = Counter(origin=cast.hospital, door="csv", by="laws")
    now = datetime.now(UTC)
    batch, report = stage(BufferedReader(BytesIO(content)), counter, now=now)
    return place_staged(batch, counter, report, now=now) if batch else report


def sane(report: Report) -> None:
    """Either everything is an order, or nothing is there and every reason is Indonesian."""
    with translation.override("id"):
        told = [*report.lines(), str(report.to_json())]
    assert all(told)
    if report.ok:
        assert Order.objects.count() >= report.placed
        return
    assert not ImportRow.objects.exists()
    assert not Import.objects.exists()
    assert not Order.objects.exists()
    assert report.problems or report.refused
    with translation.override("id"):
        indonesian = [bad.sentence() for bad in report.problems]
    with translation.override("en"):
        english = [bad.sentence() for bad in report.problems]
    assert not set(indonesian) & set(english)


@given(content=TAILS)
@example(content=b"")
@example(content=b"\xff\xfe" + "nomor_resep,nama".encode("utf-16-le"))
@BOUNDED
def test_any_bytes_are_answered(cast: Cast, content: bytes) -> None:
    report = bring(cast, content)
    assert not report.ok
    sane(report)


@given(tail=TAILS)
@BOUNDED
def test_any_bytes_after_a_good_header_are_answered(cast: Cast, tail: bytes) -> None:
    report = bring(cast, HEADER + b"\n" + tail)
    assert not report.ok
    sane(report)


@given(
    column=st.sampled_from(list(COLUMNS)),
    text=st.text(max_size=60)
    | st.sampled_from(
        ["=cmd|' /C calc'!A0", "@SUM(1)", "x" * 5000, '"', "a\nb", "1951-9999999999999-1"]
    ),
    delimiter=st.sampled_from([",", ";"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@BOUNDED
def test_any_text_in_any_cell_is_an_order_or_a_reason_for_that_column(
    cast: Cast, column: str, text: str, delimiter: str, end: str
) -> None:
    rows = [row_of(cast, 1), row_of(cast, 2, **{column: text})]
    try:
        content = text_of(rows, delimiter=delimiter, end=end).encode()
    except UnicodeEncodeError:
        return
    report = bring(cast, content)
    if report.ok:
        assert set(Prescription.objects.values_list("door", flat=True)) == {"csv"}
        return
    if report.problems and report.problems[0].why.value != "bad_quotes":
        assert {bad.row for bad in report.problems} == {3}
        # Without a card it is the price that has to be accepted.
        others = {"lat", "lon", "nik", "pbi"}
        assert column in {bad.column for bad in report.problems} or column in others
    assert Order.objects.count() == 0 or Import.objects.exists()


def test_a_field_of_five_megabytes_is_named_and_the_rows_around_it_are_read(cast: Cast) -> None:
    lines = text_of([row_of(cast, 1), row_of(cast, 2, alamat="X"), row_of(cast, 3)]).encode()
    for huge in (b"x" * 5_000_000, b'"' + b"x\t" * 2_500_000 + b'"'):
        content = lines.replace(b",X,", b"," + huge + b",")
        report = bring(cast, content)
        assert [(bad.row, bad.column, bad.why.value) for bad in report.problems] == [
            (3, "alamat", "row_too_long")
        ]
        assert (report.rows, report.bad_rows) == (3, 1)


def test_a_quote_that_never_closes_does_not_fill_the_memory() -> None:
    class Endless(BytesIO):
        """Quoted cells without end, a line each, in which the quote is always open."""

        served = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.served += 1
            if self.served == 1:
                return HEADER + b"\n"
            assert self.served < 10 * LINE_BYTES_MAX, "reads on for ever"
            return b'"' + b"x" * 1000 + b"\n" if self.served == 2 else b'","' + b"x" * 1000 + b"\n"

    rows = list(read_rows(Endless()))
    assert [row.why.value if row.why else "" for row in rows] == ["bad_quotes"]


@given(content=TAILS)
@BOUNDED
def test_rows_are_counted_as_a_spreadsheet_counts_them(content: bytes) -> None:
    try:
        numbers = [row.number for row in read_rows(BytesIO(HEADER + b"\n" + content))]
    except BadFile:
        return
    assert numbers == sorted(set(numbers))
    assert all(number >= 2 for number in numbers)
