"""The page that says where, how, at what cost and by when medicine is brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gancang.regions.models import Organisation, Village
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def test_a_clerk_finds_the_village_with_its_way_cost_and_promise(cast: Cast) -> None:
    page = client_of(cast.clerk).get("/reach/where", {"q": cast.village.name})
    text = page.content.decode()
    assert page.status_code == 200
    assert cast.village.name in text
    assert "antaran langsung" in text
    assert "Rp " in text
    # And why it is not brought by the post.
    assert "Tiba " in text or "Lebih mahal" in text


def test_an_operator_looks_from_each_hospital(cast: Cast) -> None:
    hospital = cast.other_hospital
    page = client_of(cast.operator).get("/reach/where", {"from": hospital.code})
    assert f'value="{hospital.code}" selected' in page.content.decode()


def test_a_village_that_is_not_there_and_a_strange_hospital_are_told(cast: Cast) -> None:
    page = client_of(cast.operator).get("/reach/where", {"q": "Atlantis", "from": "nowhere"})
    assert "Atlantis" in page.content.decode()
    assert page.status_code == 200


def test_all_villages_are_paged_and_ask_a_fixed_number_of_questions(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    reader = client_of(cast.operator)
    with django_assert_num_queries(11):
        assert reader.get("/reach/where").status_code == 200
    with django_assert_num_queries(11):
        reader.get("/reach/where", {"q": cast.village.name})
    seen, after = 0, ""
    while True:
        page = reader.get("/reach/where", {"after": after})
        seen += len(page.context["lines"])
        after = page.context["page"].after
        if not after:
            break
    assert seen == Village.objects.filter(region=cast.region).count()


def test_a_region_without_a_hospital_says_what_is_missing(cast: Cast) -> None:
    Organisation.objects.filter(kind="hospital").update(kind="office")
    page = client_of(cast.operator).get("/reach/where")
    assert "programmes/" in page.content.decode()
    assert page.status_code == 409
