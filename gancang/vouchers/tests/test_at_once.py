"""A hundred taps at one card in one moment: never more than the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.ledger.queries import lines_of
from gancang.overview.verify import verify
from gancang.vouchers.models import Redemption, Voucher
from gancang.vouchers.tests.holder import card_of, given, poor, typed
from tests.test_at_once import at_once, posting

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hundred_at_once_take_the_balance_and_not_a_rupiah_more(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    code = card_of(cast, sari)
    deeds = [posting(cast.stall, "/vouchers/redeem", typed(code, 30_000)) for _ in range(100)]
    answers = at_once(deeds)
    assert sorted(set(answers), key=str) == [302, 400], set(answers)
    assert answers.count(302) == 3
    assert Redemption.objects.count() == 3
    assert Voucher.objects.get().spent == 90_000
    settled = lines_of(cast.region).filter(kind="settle")
    assert sum(row.amount_rp for row in settled) == 90_000
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]
