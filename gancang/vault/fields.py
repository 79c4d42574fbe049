"""Text columns that the database sees only sealed, and the fingerprints by which they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from gancang.vault.seal import blind_index, opened, sealed

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression

    TextBase = models.TextField[str, str]
    CharBase = models.CharField[str | None, str | None]
else:
    TextBase = models.TextField
    CharBase = models.CharField


class SealedField(TextBase):
    """Seals on the way in, opens on the way out. The empty text stays empty.

    Cannot be searched: keep a `BlindIndexField` beside it where a look-up is needed.
    """

    @property
    def seal_column(self) -> str:
        """To what its seals are bound: the column, not the row, which a restore may move."""
        return f"{self.model._meta.db_table}.{self.name}"

    def get_prep_value(self, value: Any) -> str | None:
        """The seal that is stored."""
        text = super().get_prep_value(value)
        return sealed(text, column=self.seal_column) if text else text

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        """The text that was sealed."""
        return opened(value, column=self.seal_column) if value else value


class BlindIndexField(CharBase):
    """The fingerprint of a sealed field beside it, worked out anew whenever the row is saved.

    Whatever was set by hand does not count, so the two never part, also while keys change.
    Nothing sealed has no fingerprint: null where null is allowed, else the empty text.
    """

    def __init__(self, *, of: str = "", index: str = "", **kwargs: Any) -> None:
        """`of` names the sealed field; `index` what the fingerprints are keyed by."""
        self.of, self.index = of, index
        super().__init__(**{"max_length": 24, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """What a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "index": self.index}

    def fingerprint(self, row: models.Model) -> str | None:
        """Under which fingerprint this row is found."""
        text = getattr(row, self.of)
        if not text:
            return None if self.null else ""
        return blind_index(text, column=self.index)

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:  # noqa: FBT001
        """What is stored."""
        del add
        found = self.fingerprint(model_instance)
        setattr(model_instance, self.attname, found)
        return found
