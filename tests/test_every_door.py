"""Every address, knocked at by everybody: who gets in, to whose things, and what he hears.

The table in `door_table.py` is the promise.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gancang.accounts.actions import make_token
from tests.cast import Cast, client_of
from tests.door_table import MEMBERS, TABLE, VISITORS, WHOSE
from tests.door_things import NOWHERE, Things, one_of_each, pick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpResponse

    from gancang.accounts.models import User


@pytest.fixture
def things(cast: Cast) -> dict[str, Things]:
    """One of each of our house, of the other house here, and of a house in another region."""
    return one_of_each(cast)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what these visitors hear, by whose thing it is."""

    done: str
    let_in: dict[str, set[str]]


@cache
def read_table() -> dict[tuple[str, str], list[Row]]:
    """The rows by address and call."""
    found: dict[tuple[str, str], list[Row]] = {}
    for line in TABLE.strip().splitlines()[1:]:
        address, call, done, *who = (cell.strip() for cell in line.split("|"))
        groups = {"all": VISITORS, "members": MEMBERS, "none": []}
        let_in = {
            whose: set(groups.get(cell, cell.split()))
            for whose, cell in zip(WHOSE, who, strict=True)
            if cell
        }
        for method in ("GET", "POST") if call in ("ANY", "SEND") else (call,):
            row = Row(done, let_in)
            if (call, method) == ("SEND", "GET"):
                row = Row("405", dict.fromkeys(let_in, let_in["own"]))
            found.setdefault((address, method), []).append(row)
    return found


def addresses(resolver: Any = None, space: str = "") -> Iterator[tuple[str, str]]:
    """The name and the pattern of every address, through all includes."""
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from addresses(found, inner)
        else:
            assert isinstance(found, URLPattern)
            yield f"{space}{found.name}", str(found.pattern)


def test_every_address_has_its_rows_and_every_row_its_address() -> None:
    there = dict(addresses())
    rows = {address for address, _call in read_table()}
    assert rows == set(there), "a new address needs a row in TABLE; a row needs its address"
    assert not [name for name in there if not name or name.endswith(("None", ":"))]
    missing = [n for n in there for call in ("GET", "POST") if (n, call) not in read_table()]
    assert missing == ["api:api-root"], "each address says what it answers to GET and to POST"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody knocks at an address."""

    visitor: str
    method: str
    address: str
    whose: str
    url: str

    def __str__(self) -> str:
        return f"{self.visitor}: {self.method} {self.address}, {self.whose}"


class Street:
    """The visitors, and how each of them knocks."""

    def __init__(self, cast: Cast) -> None:
        users: dict[str, User] = {role: getattr(cast, role) for role in MEMBERS}
        # Each has logged in once; what a visit makes of that is taken back with all else.
        self.logged_in = {role: client_of(user).cookies for role, user in users.items()}
        _token, text = make_token(
            "SIMRS", organisation=cast.hospital, by=cast.admin, now=datetime.now(UTC)
        )
        self.token = {"Authorization": f"Bearer {text}", "Idempotency-Key": "every-door-1"}

    def knock(self, visit: Visit) -> HttpResponse:
        """The answer; whatever the visit changed is taken back."""
        with transaction.atomic():
            client = Client()
            client.cookies = deepcopy(self.logged_in.get(visit.visitor, client.cookies))
            send = client.get if visit.method == "GET" else client.post
            told: dict[str, Any] = {"data": {"csrfmiddlewaretoken": "as a browser does"}}
            if visit.address.startswith("api:") and visit.method == "POST":
                told = {"data": {}, "content_type": "application/json"}
            headers = self.token if visit.visitor == "machine" else None
            answer = send(visit.url, headers=headers, **(told if visit.method == "POST" else {}))
            transaction.set_rollback(True)
        return answer  # type: ignore[return-value]  # the test client's own kind of response


def expected(visit: Visit, rows: Sequence[Row]) -> str:
    """What the table says that the visitor hears."""
    for row in rows:
        if visit.visitor in row.let_in[visit.whose]:
            return row.done
    if any(visit.visitor in row.let_in["own"] for row in rows):
        return "404"
    if visit.address.startswith("api:"):
        return "401"
    return "log-in" if visit.visitor in ("stranger", "machine") else "403"


def heard(answer: HttpResponse) -> str:
    """The status, or `log-in` for a way to /masuk."""
    way_in = answer.status_code == 302 and answer["Location"].startswith(reverse("login"))
    return "log-in" if way_in else str(answer.status_code)


@pytest.mark.parametrize("visitor", VISITORS)
def test_everybody_gets_in_where_the_table_says_and_nowhere_else(
    cast: Cast, things: dict[str, Things], visitor: str
) -> None:
    street, table, patterns = Street(cast), read_table(), dict(addresses())
    arguments = {whose: thing.arguments() for whose, thing in things.items()}
    wrong = []
    for (address, method), rows in table.items():
        # Whom no row lets in is turned away before anybody looks at the thing: his own will do.
        comes = any(visitor in names for row in rows for names in row.let_in.values())
        for whose in rows[0].let_in if comes else ["own"]:
            url = reverse(address, kwargs=pick(arguments[whose], address, patterns[address]))
            visit = Visit(visitor, method, address, whose, url)
            wanted, answered = expected(visit, rows), heard(street.knock(visit))
            if wanted != answered:
                wrong.append(f"{visit}: {answered} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


def test_addresses_with_things_are_knocked_at_with_the_things_of_others_too() -> None:
    for address, pattern in addresses():
        wanted = set(WHOSE) if "<" in pattern and "path:unmatched" not in pattern else {"own"}
        for method in ("GET", "POST"):
            for row in read_table().get((address, method), []):
                assert set(row.let_in) == wanted, (address, method)


def test_what_belongs_to_others_answers_just_like_what_never_was(
    cast: Cast, things: dict[str, Things]
) -> None:
    street, table, patterns = Street(cast), read_table(), dict(addresses())
    foreign = things["of another region"].arguments()
    seen = 0
    for (address, method), rows in table.items():
        there = pick(foreign, address, patterns[address])
        if not there:
            continue
        nowhere = pick(NOWHERE, address, patterns[address])
        for visitor in VISITORS:
            url = reverse(address, kwargs=there)
            visit = Visit(visitor, method, address, "of another region", url)
            if expected(visit, rows) != "404":
                continue
            never = replace(visit, url=reverse(address, kwargs=nowhere))
            assert told(street.knock(visit)) == told(street.knock(never)), visit
            seen += 1
    assert seen > 40


def told(answer: HttpResponse) -> tuple[int, str]:
    """All that an answer says, but for the address that was asked and the form's own secret."""
    text = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, text
