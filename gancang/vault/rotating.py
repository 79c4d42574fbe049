"""Sealing everything anew with the newest key, in batches that a kill may interrupt anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction

from gancang.vault.fields import BlindIndexField, SealedField
from gancang.vault.seal import blind_index, opened, sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.db.models import Model

    from gancang.keys import Keys


@dataclass(frozen=True)
class Table:
    """A table with sealed columns. Its rows are read and written as the database holds them."""

    model: type[Model]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    @cached_property
    def seals(self) -> dict[str, SealedField]:
        """Its sealed columns."""
        fields = self.model._meta.local_concrete_fields
        return {str(f.column): f for f in fields if isinstance(f, SealedField)}

    @cached_property
    def indexes(self) -> dict[str, BlindIndexField]:
        """The fingerprints beside them."""
        fields = self.model._meta.local_concrete_fields
        return {str(f.column): f for f in fields if isinstance(f, BlindIndexField)}

    def is_old(self, newest: int) -> str:
        """The condition in SQL: something in the row has another seal than the newest key's."""
        return " OR ".join(f"({c} <> '' AND {c} NOT LIKE '{newest:d}.%%')" for c in self.seals)


def tables() -> list[Table]:
    """Every table that holds something sealed, of whichever capability."""
    found = [Table(model) for model in apps.get_models()]
    return sorted((table for table in found if table.seals), key=lambda table: table.name)


def count_old(newest: int) -> int:
    """How many rows are not sealed with the newest key alone."""
    with connection.cursor() as cursor:
        total = 0
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table.name} WHERE {table.is_old(newest)}", [])
            total += cursor.fetchone()[0]
    return total


def seal_anew(keys: Keys, *, size: int = 500, tell: Callable[[int], None] | None = None) -> int:
    """Seal every row anew with the newest of `keys`; how many there were.

    Each batch is one transaction. What is done is seen from the seals, so a second call goes on
    where the first was killed. Whoever reads meanwhile opens old and new alike.
    """
    done = 0
    for table in tables():
        for count in _batches(table, keys, size):
            done += count
            if tell:
                tell(done)
    return done


def _batches(table: Table, keys: Keys, size: int) -> Iterator[int]:
    last = 0
    while rows := _batch(table, keys, after=last, size=size):
        yield len(rows)
        last = rows[-1]


@transaction.atomic
def _batch(table: Table, keys: Keys, *, after: int, size: int) -> list[int]:
    """Seal the next rows anew; their numbers."""
    newest, columns = max(keys.data), [*table.seals]
    pk = table.model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {pk}, {', '.join(columns)} FROM {table.name} "
            f"WHERE {pk} > %s AND ({table.is_old(newest)}) ORDER BY {pk} LIMIT %s FOR UPDATE",
            [after, size],
        )
        rows = cursor.fetchall()
        if not rows:
            return []
        told = [
            (_anew(table, dict(zip(columns, row[1:], strict=True)), keys), row[0]) for row in rows
        ]
        names = [*columns, *table.indexes]
        update = f"UPDATE {table.name} SET {', '.join(f'{n} = %s' for n in names)} WHERE {pk} = %s"
        # An append-only table keeps what it says; only the key under which it says it changes.
        is_guarded = _is_append_only(cursor, table)
        if is_guarded:
            cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        cursor.executemany(
            update, [[*(values[n] for n in names), number] for values, number in told]
        )
        if is_guarded:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # none may wait while a table changes
            cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
    return [row[0] for row in rows]


def _is_append_only(cursor: Any, table: Table) -> bool:
    cursor.execute(
        "SELECT 1 FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = %s::regclass AND proname = 'append_only' LIMIT 1",
        [table.name],
    )
    return cursor.fetchone() is not None


def _anew(table: Table, row: Mapping[str, str | None], keys: Keys) -> dict[str, str | None]:
    """The row's seals with the newest key, and its fingerprints."""
    plain = {
        table.seals[column].name: opened(seal, column=table.seals[column].seal_column, keys=keys)
        if seal
        else seal
        for column, seal in row.items()
    }
    values: dict[str, str | None] = {}
    for column, field in table.seals.items():
        text = plain[field.name]
        values[column] = sealed(text, column=field.seal_column, keys=keys) if text else text
    for column, index in table.indexes.items():
        text, nothing = plain[index.of], None if index.null else ""
        values[column] = blind_index(text, column=index.index, keys=keys) if text else nothing
    return values


@transaction.atomic
def refuse_writers_while(act: Callable[[], None]) -> None:
    """Do something while nobody writes into a table that holds seals."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(t.name for t in tables())} IN SHARE MODE")
    act()
