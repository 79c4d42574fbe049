"""`money.toml`: when the regency pays, through which bank, under which account codes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.regions.pack_values import CODE, Key, day, one_of, text, texts, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang.regions.pack_files import Files, Row

    Fault = tuple[Row, str, str, str]

SENT_FIELDS = ("reference", "bank", "number", "holder", "qris", "amount", "about")
MONEY = {
    "due_day": Key(whole(1, 28), "day of the next month by which a month is paid"),
    "second_approval_above_rp": Key(
        whole(0), "a correction of more than this needs a second person"
    ),
    "decree": Key(text(200), "rule that set it, or who decided"),
}
BANK_ACCOUNT = {
    "organisation": Key(CODE, "code of the fleet, kitchen or other payee"),
    "from": Key(day, "first day on which it is paid there"),
    "bank": Key(text(60), "name of the bank"),
    "number": Key(text(40, r"[0-9 .-]{5,40}", "0123456789"), "number of the account"),
    "holder": Key(text(120), "name in which it is kept"),
    "qris": Key(
        text(15, r"ID\d{13}", "ID1020000000001"),
        "its QRIS, the national merchant ID, for banks that pay by it; left out: none",
        needed=False,
    ),
}
BANK_FILE = {
    "bank": Key(text(60), "whose files they are"),
    "delimiter": Key(
        text(1, r"[,;|]", ";"), "what parts the columns; left out: a comma", needed=False
    ),
    "columns": Key(
        texts,
        "columns of the file that is sent, field=heading, in this order; fields: "
        + ", ".join(SENT_FIELDS),
    ),
    "answer_reference": Key(text(60), "heading of our reference in the bank's answer"),
    "answer_amount": Key(text(60), "heading of the amount in it"),
    "answer_state": Key(text(60), "heading of what became of the payment"),
    "answer_bank_reference": Key(text(60), "heading of the bank's own number", needed=False),
    "answer_paid": Key(texts, "words that say it was paid"),
    "answer_refused": Key(texts, "words that say it was not"),
    "answer_returned": Key(texts, "words that say it was paid and came back", needed=False),
}
ACCOUNT_CODE = {
    "fund": Key(CODE, "code of the fund"),
    "programme": Key(CODE, "code of the programme; left out: any", needed=False),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day; left out: until the next one", needed=False),
    "code": Key(text(40, r"[0-9A-Za-z.-]+", "5.1.02.02.01.0055"), "kode rekening"),
    "name": Key(text(200), "what it is called"),
    "decree": Key(text(200), "decree or list of accounts that set it"),
}
GOODS = {
    "from": Key(day, "first day on which it holds"),
    "name": Key(text(120), "what the money is called that buyers paid and sellers are owed"),
    "percent": Key(whole(0, 30), "commission, of what a buyer pays for goods; 0: none"),
    "organisation": Key(
        CODE, "code of the office that gets the commission; left out: there is none", needed=False
    ),
    "decree": Key(text(200), "rule that set it, or who decided"),
}
YEAR_END = {
    "fund": Key(CODE, "code of the fund"),
    "from": Key(day, "first day on which it holds"),
    "rest": Key(
        one_of("carry", "return"),
        "what is free when the year ends: carried over into the next, or returned to the fund",
    ),
    "settle_until": Key(
        whole(0, 30),
        "day of January up to which work is settled against the old year; left out: none",
        needed=False,
    ),
    "decree": Key(text(200), "rule that set it, or who decided"),
}


def check_money(files: Files) -> Iterator[Fault]:
    """Codes that lead nowhere, and columns that nobody can fill."""
    organisations = {row.values["code"] for row in files["organisations.csv"]}
    funds = {row.values["code"] for row in files["fund"]}
    programmes = {row.values["code"] for row in files["programme"]}
    for row in files["bank_account"]:
        yield from _unknown(row, "organisation", organisations, "organisations.csv")
    for row in files["account_code"]:
        yield from _unknown(row, "fund", funds, "funds.toml")
        yield from _unknown(row, "programme", programmes, "programmes/")
    for row in files["year_end"]:
        yield from _unknown(row, "fund", funds, "funds.toml")
    yield from _check_goods(files, organisations)
    for row in files["bank_file"]:
        for column in row.values["columns"]:
            if column.partition("=")[0] not in SENT_FIELDS:
                mend = f"fields: {', '.join(SENT_FIELDS)}"
                yield (row, f"there is no field {column!r}", mend, "columns")


def _check_goods(files: Files, organisations: set[str]) -> Iterator[Fault]:
    for row in files["goods"]:
        yield from _unknown(row, "organisation", organisations, "organisations.csv")
        if row.values["percent"] and "organisation" not in row.values:
            yield (row, "nobody gets the commission", "write its office, or 0", "organisation")


def _unknown(row: Row, key: str, known: set[str], where: str) -> Iterator[Fault]:
    if (code := row.values.get(key)) and code not in known:
        yield (row, f"there is no {key} {code}", f"see {where}", key)


def money_told(files: Files) -> dict[str, Any]:
    """The whole of it as the region keeps it; empty where the file is missing."""
    if not files["money"]:
        return {}
    return {
        **_plain(files["money"][0].values),
        "bank_accounts": [
            _plain(row.values)
            for row in sorted(files["bank_account"], key=lambda row: row.values["from"])
        ],
        "bank_file": _plain(files["bank_file"][0].values) if files["bank_file"] else {},
        "year_end": [_plain(row.values) for row in files["year_end"]],
        "goods": [
            _plain(row.values) for row in sorted(files["goods"], key=lambda row: row.values["from"])
        ],
        "account_codes": [_plain(row.values) for row in files["account_code"]],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    # What is kept as JSON knows no dates.
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
    }
