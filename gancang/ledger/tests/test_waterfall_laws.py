"""Whatever is asked of whomever: no rupiah is lost, no ceiling passed, nothing goes below zero."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gancang.ledger.rules import CANNOT_PAY
from gancang.ledger.waterfall import Ceiling, Deal, Payer, Per, Purse, Reservation, window_of
from gancang.values import Money, shares_of

ON = date(2026, 11, 30)
AREAS = ("99.01.01", "99.01.02")
FUNDS = ("apbd", "baznas", "csr", "desa")
rupiah = st.integers(1, 60_000)
ceilings = st.builds(
    Ceiling,
    st.sampled_from([Per.MONTH, Per.YEAR]),
    st.builds(Money, rupiah),
    st.sampled_from(["", *AREAS]),
) | st.builds(Ceiling, st.just(Per.ORDER), st.builds(Money, rupiah))
deals = st.builds(
    Deal,
    starts=st.sampled_from([date(2026, 1, 1), date(2026, 12, 1)]),
    ends=st.sampled_from([date(2026, 11, 29), date(2027, 1, 31)]),
    areas=st.sampled_from([(), AREAS[:1]]),
    cap=st.none() | st.builds(Money, rupiah),
)


@st.composite
def payers(draw: st.DrawFn) -> tuple[Payer, ...]:
    """One to four funds in one to four turns, each turn's shares being 100 percent."""
    turns = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    made: list[Payer] = []
    for turn in sorted(set(turns)):
        members = turns.count(turn)
        cuts = sorted(draw(st.integers(0, 100)) for _ in range(members - 1))
        percents = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
        for percent in percents:
            own = draw(st.lists(ceilings, max_size=2))
            deal = draw(st.none() | st.tuples(deals))
            made.append(Payer(FUNDS[len(made)], percent, turn, tuple(own), deal))
    return tuple(made)


@st.composite
def asked(draw: st.DrawFn) -> tuple[dict[tuple[str, str, int], int], list[Reservation]]:
    """Budgets, some missing, and orders that ask the same programme's funders one after another."""
    told = draw(payers())
    free = {
        (fund, "p", 2026): draw(rupiah)
        for fund in draw(st.sets(st.sampled_from(FUNDS), min_size=1))
    }
    amounts = draw(st.lists(st.integers(0, 40_000), min_size=1, max_size=6))
    areas = [f"{draw(st.sampled_from(AREAS))}.2001" for _ in amounts]
    return free, [
        Reservation(
            order=f"O{place}",
            programme="p",
            year=2026,
            amount=Money(amount),
            payers=told,
            area=area,
        )
        for place, (amount, area) in enumerate(zip(amounts, areas, strict=True))
    ]


@given(asked())
def test_every_rupiah_is_paid_or_told_unpaid_and_nothing_goes_below_zero(
    world: tuple[dict[tuple[str, str, int], int], list[Reservation]],
) -> None:
    before, wanted = world
    purse = Purse(ON, dict(before))
    for want in wanted:
        split = purse.pay(want)
        assert sum(share.rupiah for _, share in split.paid) + split.unpaid.rupiah == (
            want.amount.rupiah
        )
        assert all(share.rupiah > 0 for _, share in split.paid)
        assert len({fund for fund, _ in split.paid}) == len(split.paid)
        assert not split.unpaid or split.passed, "nobody is refused without a reason"
        assert all(each.why in CANNOT_PAY and each.left < each.needed for each in split.passed)
    assert all(left >= 0 for left in purse.free.values())
    assert purse.free.keys() == before.keys(), "who has no budget pays nothing"


@given(asked())
def test_no_ceiling_is_passed_and_no_agreement_outlived(
    world: tuple[dict[tuple[str, str, int], int], list[Reservation]],
) -> None:
    before, wanted = world
    purse = Purse(ON, dict(before))
    paid = [(want, dict(purse.pay(want).paid)) for want in wanted]
    for payer in wanted[0].payers:
        for want, shares in paid:
            if payer.fund in shares and payer.deals is not None:
                assert any(deal.binds(want.area, on=ON) for deal in payer.deals)
        for ceiling in payer.ceilings:
            mine = [
                shares.get(payer.fund, Money(0)).rupiah
                for want, shares in paid
                if want.area.startswith(ceiling.area)
            ]
            most = max(mine, default=0) if ceiling.per is Per.ORDER else sum(mine)
            assert most <= ceiling.amount.rupiah
        for deal in payer.deals or ():
            given_in_all = sum(shares.get(payer.fund, Money(0)).rupiah for _, shares in paid)
            assert deal.cap is None or given_in_all <= deal.cap.rupiah


@given(st.integers(0, 10**9), st.integers(1, 99))
def test_with_money_enough_a_turn_shares_as_funders_always_did(amount: int, first: int) -> None:
    free = {("apbd", "p", 2026): 10**9, ("csr", "p", 2026): 10**9}
    told = Payer("apbd", first), Payer("csr", 100 - first)
    want = Reservation(
        order="O", programme="p", year=2026, amount=Money(amount), payers=told, area=""
    )
    split = Purse(ON, free).pay(want)
    shares = dict(zip(("apbd", "csr"), shares_of(Money(amount), (first, 100 - first)), strict=True))
    assert dict(split.paid) == {fund: share for fund, share in shares.items() if share}
    assert not split.passed


def test_a_month_ends_with_its_last_day_and_a_year_with_december() -> None:
    payer = Payer("apbd")
    want = Reservation(
        order="O", programme="p", year=2028, amount=Money(1), payers=(payer,), area=""
    )

    def days(per: Per, on: date) -> tuple[date, date]:
        window = window_of(want, payer, Ceiling(per, Money(1)), on=on, deal=None)
        assert window is not None
        return window.first, window.last

    assert days(Per.MONTH, date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert days(Per.MONTH, date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert days(Per.YEAR, date(2026, 5, 5)) == (date(2026, 1, 1), date(2026, 12, 31))
