"""Bu Sri's telephone: what she cooks, and the day on which she cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.overview.verify import verify
from gancang.servings.models import Serving, Shut
from gancang.servings.tests.test_meals import (
    cooks,
    couriers,
    elders,
    kitchens,
    ride,
    seated,
    stops,
)
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_stall_reads_how_many_of_which_diet_and_who_fetches_them(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    stall = client_of(cast.stall)
    assert "belum memasak" in stall.get("/servings/kitchen").content.decode()
    seated(cast, elders(cast, 3, around=kitchen))
    cooks(cast, kitchen, 40)
    page = stall.get("/servings/kitchen").content.decode()
    assert "3 porsi" in page
    assert "Lunak" in page
    assert "Toni" not in page
    assert ride(cast, couriers(cast)[:1]) == 302
    page = stall.get("/servings/kitchen").content.decode()
    assert "Toni" in page
    assert "Mbah" not in page  # nobody's name is needed to cook
    assert stall.get("/servings/").status_code == 403


def test_a_stall_that_cannot_cook_says_so_and_another_cooks_the_same_meals(cast: Cast) -> None:
    first, second = kitchens(cast)[:2]
    diners = seated(cast, elders(cast, 4, around=first))
    cooks(cast, first, 40)
    who = couriers(cast)
    assert ride(cast, who) == 302
    cooks(cast, second, 40)
    at_first = [row for row in stops(cast) if row.round.stall.kitchen == first]
    assert client_of(cast.stall).post("/servings/kitchen/shut", {"reason": ""}).status_code == 400
    page = client_of(cast.stall).post(
        "/servings/kitchen/shut", {"reason": "gas habis"}, follow=True
    )
    assert f"memasak {len(at_first)} porsi" in page.content.decode()
    planned = Serving.objects.filter(state="planned").select_related("round__stall__kitchen")
    assert {row.diner_id for row in planned} == {row.pk for row in diners}
    assert {row.round.stall.kitchen for row in planned} == {second}
    assert Shut.objects.get().reason == "gas habis"
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_where_nobody_else_cooks_the_meals_wait_for_the_operator(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 2, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    page = client_of(cast.stall).post("/servings/kitchen/shut", {"reason": "sakit"}, follow=True)
    assert "untuk 2" in page.content.decode()
    assert not Serving.objects.filter(state="planned").exists()


def test_the_stall_sees_what_it_is_owed_and_disputes_a_line(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 1, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)[:1]) == 302
    (stop,) = stops(cast)
    assert client_of(cast.rider).post(f"/servings/stops/{stop.code}/seen").status_code == 302
    stall = client_of(cast.stall)
    page = stall.get("/settlement/mine").content.decode()
    assert "Rp 12.000" in page
    line = page.split("/settlement/lines/")[1].split("/")[0]
    told = {"reason": "dua porsi, bukan satu"}
    assert stall.post(f"/settlement/lines/{line}/hold", told).status_code == 302
    assert "dua porsi" in stall.get("/settlement/mine").content.decode()
