"""A year of days: one day that was really played, copied in the database as often as wanted.

Every row that a day leaves (orders, people, papers, events, transfers, letters, readings) is
copied with its ties, further back in time with each copy. So a new column or table of the product
is in the measurements without anybody thinking of it. Afterwards the chain and the book are true
again: `gancang verify` and a drill of a backup accept the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Field, Model

ROOM = 5  # signs for the number of a copy behind a name
STEP = 10_000  # a copy's rows are numbered this much higher; a small day leaves fewer
# What belongs to the place and its people at work, not to a day.
KEPT = {
    "accounts", "auth", "axes", "contenttypes", "fleet", "formulary", "procrastinate", "programmes",
    "reach", "regions", "sessions", "demo",
}  # fmt: skip
KEPT_MODELS = {"ledger.account", "ledger.fund", "ledger.budget", "dispatch.regime", "audit.link"}
NAMES_OF_ORDERS = {"subject", "about", "order_code", "code", "ref"}
# A copied event says in its payload what its columns say.
PAYLOAD = (
    "jsonb_set(jsonb_set(payload::jsonb, '{at}', to_jsonb(at - n * interval '20 minutes')), "
    "'{subject}', to_jsonb(CASE WHEN subject = '' THEN '' ELSE subject || '.' || n END))::text"
)
# As the trigger does for each deed (audit/migrations/0002), one copied event after the other.
CHAIN = """
DO $$
DECLARE
    row record;
    head audit_head%ROWTYPE;
BEGIN
    FOR head IN SELECT * FROM audit_head LOOP
        FOR row IN
            SELECT e.id, e.payload FROM audit_event e
            WHERE e.region_code = head.region_code
            AND NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = e.id) ORDER BY e.id
        LOOP
            INSERT INTO audit_link (event_id, region_code, number, previous, hash) VALUES (
                row.id, head.region_code, head.number + 1, head.hash,
                encode(sha256(convert_to(head.hash || E'\\n' || row.payload, 'UTF8')), 'hex')
            ) RETURNING number, hash INTO head.number, head.hash;
        END LOOP;
        UPDATE audit_head SET number = head.number, hash = head.hash
            WHERE region_code = head.region_code;
    END LOOP;
END $$
"""
BALANCES = """
UPDATE ledger_account a SET balance_rp =
    (SELECT COALESCE(sum(amount_rp), 0) FROM ledger_transfer WHERE target_id = a.id)
    - (SELECT COALESCE(sum(amount_rp), 0) FROM ledger_transfer WHERE source_id = a.id)
"""


def copied() -> list[type[Model]]:
    """The tables whose rows are copied."""
    from django.apps import apps  # noqa: PLC0415 - Django is set up by then

    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and model._meta.app_label not in KEPT
        and model._meta.label_lower not in KEPT_MODELS
        and model._meta.pk.get_internal_type() in ("BigAutoField", "AutoField", "OneToOneField")
    ]


def grow(first: int, last: int) -> None:
    """Add the copies `first` to `last` of everything that the played day left."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    models = copied()
    with connection.cursor() as cursor:
        # The rows are copies of rows that passed every check.
        cursor.execute("SET session_replication_role = replica")
        for model in models:
            copy_of(cursor, model, set(models), first, last)
        cursor.execute(CHAIN)
        cursor.execute(BALANCES)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def copy_of(
    cursor: Any, model: type[Model], models: set[type[Model]], first: int, last: int
) -> None:
    """Copy the rows of one table, with their ties to the other tables that are copied.

    What may stand only once, as the sum of a day or a month that is closed, stays as it is.
    """
    fields = [f for f in model._meta.local_concrete_fields if not getattr(f, "generated", False)]
    names = ", ".join(f'"{f.column}"' for f in fields)
    key, table = model._meta.pk.column, model._meta.db_table
    told = {"payload": PAYLOAD} if table == "audit_event" else {}
    values = ", ".join(told.get(str(f.column)) or _value(f, models) for f in fields)
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", '
        f'generate_series(%s::int, %s::int) AS n WHERE "{key}" < {STEP} ON CONFLICT DO NOTHING',
        [first, last],
    )


def _value(field: Field[Any, Any], models: set[type[Model]]) -> str:
    column, kind = f'"{field.column}"', field.get_internal_type()
    if field.primary_key and field.remote_field is None:
        return f"{column} + n * {STEP}"
    if field.remote_field is not None:
        return f"{column} + n * {STEP}" if field.related_model in models else column
    if kind == "DateTimeField":
        return f"{column} - n * interval '20 minutes'"
    in_one_row = field.unique or field.name in NAMES_OF_ORDERS or field.name == "number"
    if kind in ("CharField", "TextField", "SlugField") and in_one_row:
        room = field.max_length - ROOM if isinstance(field.max_length, int) else 10**6
        # The end of a long name is what tells it from others.
        return f"CASE WHEN {column} = '' THEN '' ELSE right({column}, {room}) || '.' || n END"
    if kind.endswith("IntegerField") and in_one_row:
        return f"{column} + n * {STEP}"
    return column
