"""Bu Sri sells what she has: a basket at its price, and no portion to two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.models import Event
from gancang.menus import actions, writing
from gancang.menus.models import Dish, OptionGroup, Section
from gancang.menus.queries import price_of, substitutes_for
from gancang.menus.rules import (
    Answer,
    Line,
    Question,
    Wanted,
    Why,
    answers_to,
    counts_of,
    has_other_price,
    total,
)
from gancang.menus.writing import ChoiceTerms, DishTerms
from gancang.regions.models import Organisation
from gancang.values import Money, Refused
from tests.test_at_once import at_once

if TYPE_CHECKING:
    from tests.cast import Cast

NOW = datetime(2026, 11, 30, 5, tzinfo=UTC)


@pytest.fixture
def kitchen(cast: Cast) -> Organisation:
    """Bu Sri's kitchen."""
    found = cast.member(cast.stall).organisation
    assert found is not None
    Dish.objects.filter(seller=found).delete()  # the pack's
    Section.objects.filter(seller=found).delete()
    return found


def dish(
    kitchen: Organisation, name: str = "Rujak soto", price_rp: int = 15_000, **told: object
) -> Dish:
    """A dish on the menu."""
    terms = DishTerms(name=name, price_rp=price_rp, **told)  # type: ignore[arg-type]
    return writing.write_dish(kitchen, terms, by="sri", now=NOW)


def buy(lines: list[Line]) -> list[Line]:
    """What an order does with a basket."""
    with transaction.atomic():
        return actions.take_stock(lines, now=NOW)


def refusal(kitchen: Organisation, *wanted: Wanted) -> Refused:
    """Why a basket is not priced."""
    with pytest.raises(Refused) as caught:
        price_of(kitchen, wanted, now=NOW)
    return caught.value


def test_a_basket_keeps_its_price_and_its_names_when_the_menu_changes(
    kitchen: Organisation,
) -> None:
    soto = dish(kitchen)
    hot = writing.write_group(
        soto,
        "Pedas",
        [ChoiceTerms(name="Sedang"), ChoiceTerms(name="Ekstra", extra_rp=1_000)],
        least=1,
    )
    extra = hot.choices.get(name="Ekstra")
    wanted = [Wanted(dish=soto.pk, choices=(extra.pk,), count=2, note="tanpa cingur")]
    shown = price_of(kitchen, wanted, now=NOW)
    assert total(shown) == Money(32_000)
    writing.change_dish(
        soto, DishTerms(name="Rujak soto besar", price_rp=18_000), by="sri", now=NOW
    )
    kept = [Line.of(line.told()) for line in shown]
    assert kept == shown
    assert (kept[0].name, kept[0].options, kept[0].unit_rp) == ("Rujak soto", ("Ekstra",), 16_000)
    again = price_of(kitchen, wanted, now=NOW)
    assert has_other_price(shown, again)
    assert not has_other_price(again, price_of(kitchen, wanted, now=NOW))
    changed = Event.objects.get(kind="dish.changed")
    assert '"before_rp":15000' in changed.payload
    assert '"price_rp":18000' in changed.payload


def test_what_is_not_on_the_menu_is_refused_by_name(kitchen: Organisation, cast: Cast) -> None:
    soto = dish(kitchen)
    hot = writing.write_group(soto, "Pedas", [ChoiceTerms(name="Sedang")], least=1)
    medium = hot.choices.get()
    elsewhere = dish(cast.hospital, "Bubur")
    assert refusal(kitchen, Wanted(dish=elsewhere.pk)).reason == Why.NOT_HERE
    assert (
        refusal(kitchen, Wanted(dish=soto.pk, choices=(medium.pk,), count=0)).reason == Why.HOW_MANY
    )
    assert refusal(kitchen, Wanted(dish=soto.pk)).facts["group"] == "Pedas"
    assert (
        refusal(kitchen, Wanted(dish=soto.pk, choices=(medium.pk + 99,))).reason
        == Why.NO_SUCH_CHOICE
    )
    hot.choices.update(is_available=False)
    assert refusal(kitchen, Wanted(dish=soto.pk, choices=(medium.pk,))).facts["choice"] == "Sedang"
    with pytest.raises(Refused) as caught:
        dish(kitchen, "rujak SOTO ")
    assert caught.value.reason == Why.SAME_NAME


def test_what_is_sold_out_names_what_there_is_instead(kitchen: Organisation) -> None:
    soups = Section.objects.create(seller=kitchen, name="Kuah")
    soto = dish(kitchen, "Rujak soto", 15_000, section=soups.pk)
    dish(kitchen, "Rawon", 25_000, section=soups.pk)
    dish(kitchen, "Pecel", 15_000)
    dish(kitchen, "Lalapan", 40_000)
    out = dish(kitchen, "Soto daging", 15_500, section=soups.pk)
    writing.sell_out(out, by="sri", now=NOW)
    writing.sell_out(soto, back_at=NOW + timedelta(hours=20), by="sri", now=NOW)
    assert [each.name for each in substitutes_for(soto, now=NOW)] == ["Rawon", "Pecel", "Lalapan"]
    told = refusal(kitchen, Wanted(dish=soto.pk))
    assert str(told) == "Rujak soto is sold out. Instead there is: Rawon, Pecel, Lalapan."
    # Tomorrow it is there again without anybody's doing; the other one waits for her tap.
    tomorrow = NOW + timedelta(hours=20)
    assert price_of(kitchen, [Wanted(dish=soto.pk)], now=tomorrow)
    with pytest.raises(Refused):
        price_of(kitchen, [Wanted(dish=out.pk)], now=tomorrow)
    writing.bring_back(out, by="sri", now=tomorrow)
    assert price_of(kitchen, [Wanted(dish=out.pk)], now=tomorrow)


def test_what_is_taken_comes_back_when_an_order_falls_away(kitchen: Organisation) -> None:
    soto, water = dish(kitchen, stock=3), dish(kitchen, "Es degan", 6_000)
    wanted = [Wanted(dish=soto.pk, count=2), Wanted(dish=water.pk), Wanted(dish=soto.pk)]
    kept = buy(price_of(kitchen, wanted, now=NOW))
    soto.refresh_from_db()
    assert soto.stock == 0
    told = refusal(kitchen, Wanted(dish=soto.pk))
    assert told.reason == Why.SOLD_OUT_OTHERS
    # She counts the water only now: what was bought before never came from that count.
    Dish.objects.filter(pk=water.pk).update(stock=5)
    actions.give_back(kept)
    soto.refresh_from_db()
    water.refresh_from_db()
    assert (soto.stock, water.stock) == (3, 5)
    assert refusal(kitchen, Wanted(dish=soto.pk, count=4)).facts["left"] == "3"


def test_a_price_changed_by_hand_does_not_bring_sold_portions_back(kitchen: Organisation) -> None:
    soto = dish(kitchen, stock=5)
    buy(price_of(kitchen, [Wanted(dish=soto.pk, count=2)], now=NOW))
    terms = DishTerms(name="Rujak soto", price_rp=16_000, stock=5, keeps_stock=True)
    writing.change_dish(soto, terms, by="sri", now=NOW)
    soto.refresh_from_db()
    assert (soto.stock, soto.price_rp) == (3, 16_000)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_buyers_at_once_get_exactly_what_is_there(kitchen: Organisation) -> None:
    soto, rawon = dish(kitchen, stock=30), dish(kitchen, "Rawon", 20_000, stock=25)
    one, other = (price_of(kitchen, [Wanted(dish=each.pk)], now=NOW) for each in (soto, rawon))
    # Half of them put the two into their baskets the other way round; some want only one.
    baskets = [one + other, other + one, one, one + other]
    answers = at_once([partial(buy, baskets[number % 4]) for number in range(100)])
    sold = [each for each in answers if isinstance(each, list)]
    assert all(isinstance(each, (list, Refused)) for each in answers), answers
    soto.refresh_from_db()
    rawon.refresh_from_db()
    taken = counts_of(line for lines in sold for line in lines)
    assert taken[soto.pk] + (soto.stock or 0) == 30
    assert taken[rawon.pk] + (rawon.stock or 0) == 25
    # All that could be sold was sold: nobody was sent away while both were there.
    assert soto.stock == 0 or rawon.stock == 0


ANSWERS = st.lists(st.integers(0, 5_000), min_size=1, max_size=4)


@given(st.lists(ANSWERS, max_size=3), st.data())
def test_the_price_is_the_sum_of_what_was_chosen(
    extras: list[list[int]], data: st.DataObject
) -> None:
    numbers = iter(range(100))
    questions = [
        Question(
            name=str(at),
            least=0,
            most=len(group),
            answers=tuple(
                Answer(pk=next(numbers), name=str(rp), extra_rp=rp, is_available=True)
                for rp in group
            ),
        )
        for at, group in enumerate(extras)
    ]
    known = [answer for question in questions for answer in question.answers]
    chosen = data.draw(st.sets(st.sampled_from(known)) if known else st.just(set()))
    taken, extra_rp = answers_to("Soto", questions, [answer.pk for answer in chosen])
    assert set(taken) == chosen
    assert extra_rp == sum(answer.extra_rp for answer in chosen)
    with pytest.raises(Refused):
        answers_to("Soto", questions, [100])


def test_no_group_asks_for_more_than_it_lets_choose(kitchen: Organisation) -> None:
    with pytest.raises(IntegrityError):
        OptionGroup.objects.create(dish=dish(kitchen), name="Pedas", least=2, most=1)
