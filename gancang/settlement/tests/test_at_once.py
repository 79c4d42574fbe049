"""Two people press at the same moment: a movement is taken back once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role
from gancang.ledger.models import Transfer
from gancang.overview.verify import verify
from gancang.settlement.models import Correction
from gancang.settlement.tests.test_corrections import ask, line_of, second_above
from tests.cast import PASSWORD, client_of, delivered
from tests.test_at_once import at_once

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def second_treasurer(cast: Cast) -> User:
    """Ratna, beside Hadi."""
    ratna = Newcomer(username="ratna", full_name="Ratna", password=PASSWORD, role=Role.TREASURER)
    return add_person(ratna, region=cast.region, by="tests", now=datetime.now(UTC))


def test_two_approve_the_same_reversal_at_once_and_it_is_one(cast: Cast) -> None:
    line = line_of(delivered(cast))
    second_above(cast, 0)
    ask(cast, line)
    asked = Correction.objects.get()
    people = [client_of(cast.admin), client_of(second_treasurer(cast))] * 2
    url = f"/settlement/corrections/{asked.pk}/approve"
    answers = at_once([partial(person.post, url) for person in people])
    assert [getattr(each, "status_code", each) for each in answers] == [302] * 4
    assert Transfer.objects.filter(reverses=line).count() == 1
    assert Transfer.objects.filter(key=f"release:reversed:{line.pk}").count() == 1
    assert verify([cast.region]).problems == []


def test_two_ask_for_the_same_reversal_at_once_and_it_is_asked_once(cast: Cast) -> None:
    line = line_of(delivered(cast))
    second_above(cast, 0)
    people = [client_of(cast.treasurer), client_of(second_treasurer(cast))]
    url, told = f"/settlement/movements/{line.pk}/reverse", {"reason": "dua kali"}
    answers = at_once([partial(person.post, url, told) for person in people])
    assert [getattr(each, "status_code", each) for each in answers] == [302] * 2
    assert Correction.objects.count() == 1
