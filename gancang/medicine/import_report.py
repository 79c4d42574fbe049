"""What an import of a file found and did, told to machines and to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gancang.values import Reason, Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLD_ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong in one cell, or in a whole row (then `column` is empty)."""

    row: int
    column: str
    why: Reason
    facts: Mapping[str, object]

    def sentence(self) -> str:
        """The reason in the reader's language."""
        return sentence_of(Refused(self.why, **self.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import found and did."""

    file: str
    dry_run: bool = False
    rows: int = 0
    placed: int = 0
    already: int = 0
    left: int = 0  # staged and not placed yet
    bad_rows: int = 0
    problems: tuple[BadRow, ...] = ()  # of the first TOLD_ROWS_MAX bad rows
    refused: tuple[Refused, ...] = ()  # what is wrong with the file as a whole

    @property
    def ok(self) -> bool:
        """Whether every prescription of the file is an order now, or would be."""
        return not self.bad_rows and not self.refused

    def to_json(self) -> dict[str, object]:
        """The report for machines; messages in the reader's language."""
        return {
            "ok": self.ok,
            "file": self.file,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "placed": self.placed,
            "already_there": self.already,
            "left": self.left,
            "bad_rows": self.bad_rows,
            "refused": [{"reason": r.reason, "message": sentence_of(r)} for r in self.refused],
            "problems": [
                {"row": bad.row, "column": bad.column, "reason": bad.why, "message": bad.sentence()}
                for bad in self.problems
            ],
        }

    def lines(self) -> list[str]:
        """The report for people: every bad row with its column and reason, then the sum."""
        said = [f"{self.file}: {sentence_of(refusal)}" for refusal in self.refused]
        for bad in self.problems:
            where = _("row %(row)d") % {"row": bad.row}
            column = _(", column %(column)s") % {"column": bad.column} if bad.column else ""
            said.append(f"{where}{column}: {bad.sentence()}")
        told = len({bad.row for bad in self.problems})
        if self.bad_rows > told:
            said.append(_("… and %(more)d bad rows more") % {"more": self.bad_rows - told})
        return [*said, self._sum()]

    def _sum(self) -> str:
        figures = {
            "rows": self.rows,
            "placed": self.placed,
            "already": self.already,
            "left": self.left,
            "bad": self.bad_rows,
        }
        if self.left:
            return (
                _("%(placed)d placed, %(left)d wait. Give the same file again to go on.") % figures
            )
        if not self.ok:
            return _("Nothing was placed: %(bad)d of %(rows)d rows are bad.") % figures
        if self.dry_run:
            return (
                _("Dry run: %(placed)d of %(rows)d rows would be placed, %(already)d are there.")
                % figures
            )
        return (
            _("%(placed)d of %(rows)d rows were placed, %(already)d were there already.") % figures
        )
