"""A text column that the database sees only sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from gancang.vault.seal import opened, sealed

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression

    TextBase = models.TextField[str, str]
else:
    TextBase = models.TextField


class SealedField(TextBase):
    """Seals on the way in, opens on the way out. The empty text stays empty.

    Cannot be searched: keep a `blind_index` beside it where a look-up is needed.
    """

    @property
    def _column(self) -> str:
        # The column, not the row, is bound: rows move between databases in a restore.
        return f"{self.model._meta.db_table}.{self.name}"

    def get_prep_value(self, value: Any) -> str | None:
        """The seal that is stored."""
        text = super().get_prep_value(value)
        return sealed(text, column=self._column) if text else text

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        """The text that was sealed."""
        return opened(value, column=self._column) if value else value
