"""What the documents say of files is true of the sample beside them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

from gancang.medicine.files import COLUMNS, MAY_BE_LEFT_OUT, read_rows
from gancang.medicine.rules import Draft, read_draft

DOCS = Path(__file__).parents[3] / "docs"


def test_the_sample_in_the_documents_has_every_column() -> None:
    content = (DOCS / "samples" / "prescriptions.csv").read_bytes()
    rows = list(read_rows(BytesIO(content)))
    assert len(rows) == 3
    assert all(row.why is None and set(row.typed) == set(COLUMNS.values()) for row in rows)
    for row in rows:
        villages = {row.typed["village"]: None}
        draft = read_draft(row.typed, villages=villages, today=date(2026, 1, 1))
        assert isinstance(draft, Draft), draft


def test_the_guide_names_every_column() -> None:
    guide = (DOCS / "guides" / "import-prescriptions.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in guide] == []
    assert "may be left out" in guide
    assert set(COLUMNS) >= MAY_BE_LEFT_OUT
