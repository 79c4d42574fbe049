"""The registry: searched before anything is shown, corrected with a reason, merged and parted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.medicine.queries import orders_found
from gancang.orders.models import Order
from gancang.regions.models import District
from gancang.regions.queries import find_clear_village, find_villages
from gancang.residents.models import Merge, Phone, Reading, Representative, Resident
from gancang.residents.queries import Reader, find_people, read_people
from gancang.residents.rules import local_id, number_of_local_id
from tests.cast import BORN, NIK, client_of, place

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

CARD = "3510162203120007"


def page(client: Client, number: int) -> str:
    """A person's page."""
    return client.get(f"/residents/{number}").content.decode()


def typed_correction(cast: Cast, number: int, **changed: object) -> dict[str, object]:
    """The form as it is shown, with what somebody changed in it."""
    row = Resident.objects.get(pk=number)
    shown = {
        "version": row.version,
        "full_name": row.full_name,
        "birth_date": BORN.strftime("%d-%m-%Y"),
        "sex": row.sex,
        "nik": "",
        "family_card": "",
        "village": f"{cast.village.name}, {cast.village.district.name}",
        "address": row.address,
        "landmark": row.landmark,
        "lat": "",
        "lon": "",
        "reason": "card_seen",
    }
    return {**shown, **changed}


def reader(cast: Cast) -> Reader:
    """The clerk, reading."""
    return Reader(
        region=cast.region,
        by="clerk",
        role="counter_clerk",
        purpose="test",
        now=datetime.now(UTC),
    )


@pytest.mark.parametrize("actor", ["clerk", "pharmacist", "operator", "admin"])
def test_nobody_is_listed_before_a_search(cast: Cast, actor: str) -> None:
    place(cast)
    client = client_of(getattr(cast, actor))
    before = Reading.objects.count()
    assert "Sari" not in client.get("/residents/").content.decode()
    assert Reading.objects.count() == before
    found = client.post("/residents/", {"find": "sar"}).content.decode()
    assert "Sari" in found
    assert NIK not in found
    assert "3510••••••••0001" in found


@pytest.mark.parametrize("typed", ["sar wul", "wulan", "SARI-WULAN", "sari wulandari"])
def test_a_person_is_found_by_the_beginnings_of_the_name_s_words(cast: Cast, typed: str) -> None:
    place(cast, full_name="Ni Made Sari Wulandari")
    assert len(find_people(reader(cast), typed)) == 1
    assert find_people(reader(cast), "sari wulandaru") == []
    assert find_people(reader(cast), "landari") == []


def test_a_person_is_found_by_any_phone_by_the_family_card_and_by_the_local_id(cast: Cast) -> None:
    number = place(cast).resident_id
    clerk = client_of(cast.clerk)
    clerk.post(f"/residents/{number}/phones", {"number": "0813 1111 2222", "whose": "neighbour"})
    typed = typed_correction(cast, number, family_card=CARD)
    assert clerk.post(f"/residents/{number}/correct", typed).status_code == 302
    for wanted in ("081311112222", "0812 3456 7890", CARD, local_id(number)):
        assert [p.number for p in find_people(reader(cast), wanted)] == [number], wanted


def test_a_slip_in_a_local_id_finds_nobody() -> None:
    assert number_of_local_id(local_id(4711).lower()) == 4711
    told = local_id(4711)
    assert number_of_local_id(told[:-1] + str((int(told[-1]) + 1) % 10)) is None


def test_a_person_s_page_hides_the_nik_until_somebody_asks_and_that_is_written_down(
    cast: Cast,
) -> None:
    number = place(cast).resident_id
    clerk = client_of(cast.clerk)
    assert NIK not in page(clerk, number)
    assert NIK in clerk.post(f"/residents/{number}/numbers").content.decode()
    assert Reading.objects.filter(purpose="numbers shown", resident_number=number).exists()


def test_a_correction_has_a_reason_and_its_event_holds_nothing_of_the_person(cast: Cast) -> None:
    number = place(cast).resident_id
    typed = typed_correction(cast, number, full_name="Sari Dewi", reason="card_seen")
    assert client_of(cast.clerk).post(f"/residents/{number}/correct", typed).status_code == 302
    event = Event.objects.get(kind="resident.corrected")
    assert '"fields":["full_name"]' in event.payload
    assert "card_seen" in event.payload
    assert "Dewi" not in event.payload
    assert Resident.objects.get(pk=number).full_name == "Sari Dewi"


def test_two_who_correct_at_once_do_not_overwrite_each_other(cast: Cast) -> None:
    number = place(cast).resident_id
    first = typed_correction(cast, number, full_name="Sari Dewi")
    second = typed_correction(cast, number, landmark="pagar biru")
    clerk, url = client_of(cast.clerk), f"/residents/{number}/correct"
    assert clerk.post(url, first).status_code == 302
    assert clerk.post(url, second).status_code == 400
    assert Resident.objects.get(pk=number).full_name == "Sari Dewi"


def test_a_corrected_birth_date_is_accepted_with_a_warning(cast: Cast) -> None:
    number = place(cast).resident_id
    clerk = client_of(cast.clerk)
    typed = typed_correction(cast, number, birth_date="10-03-1951", sex="f")
    assert clerk.post(f"/residents/{number}/correct", typed).status_code == 302
    assert Resident.objects.get(pk=number).birth_date == "1951-03-10"
    assert "NIK memuat tanggal lahir lain" in page(clerk, number)


def test_a_newborn_without_a_nik_is_accepted_and_its_mother_acts_for_it(cast: Cast) -> None:
    today = datetime.now(UTC).date() - timedelta(days=1)
    baby = place(cast, nik="", full_name="Bayi Ny. Sari", birth_date=today.isoformat())
    number, clerk = baby.resident_id, client_of(cast.clerk)
    shown = page(clerk, number)
    assert local_id(number) in shown
    assert "Ini seorang anak" in shown
    named = {"full_name": "Sari", "relation": "parent", "because": "child", "may_act": "on"}
    assert clerk.post(f"/residents/{number}/representatives", named).status_code == 302
    assert "Ini seorang anak" not in page(clerk, number)
    row = Representative.objects.get()
    assert (row.may_act, row.may_receive) == (True, False)
    clerk.post(f"/residents/{number}/representatives/{row.pk}/end")
    assert Representative.objects.get().until is not None


def test_which_phone_is_rung_first_is_chosen_and_the_other_stays(cast: Cast) -> None:
    number = place(cast).resident_id
    clerk, url = client_of(cast.clerk), f"/residents/{number}/phones"
    clerk.post(url, {"number": "0813-1111-2222", "whose": "family"})
    assert clerk.post(url, {"number": "+62 813 1111 2222", "whose": "family"}).status_code == 400
    phone = Phone.objects.get()
    clerk.post(f"{url}/{phone.pk}", {"do": "first"})
    row = Resident.objects.get(pk=number)
    assert (row.phone, row.phone_whose) == ("+6281311112222", "family")
    assert [each.number for each in Phone.objects.all()] == ["+6281234567890"]
    clerk.post(f"{url}/{Phone.objects.get().pk}", {"do": "remove"})
    assert not Phone.objects.exists()


def test_a_new_number_at_the_counter_does_not_lose_the_one_before(cast: Cast) -> None:
    number = place(cast).resident_id
    place(cast, number="R-2", phone="0815 5555 5555")
    assert Resident.objects.get(pk=number).phone == "+6281555555555"
    assert [each.number for each in Phone.objects.all()] == ["+6281234567890"]


def test_a_village_that_could_be_several_is_offered_and_one_press_takes_it(cast: Cast) -> None:
    number = place(cast).resident_id
    clerk, url = client_of(cast.clerk), f"/residents/{number}/correct"
    several = next(
        name
        for name in District.objects.filter(region=cast.region).values_list("name", flat=True)
        if find_clear_village(cast.region, name) is None and find_villages(cast.region, name)
    )
    meant = find_villages(cast.region, several)[-1]
    typed = typed_correction(cast, number, village=f"kec. {several}", reason="moved")
    answer = clerk.post(url, typed)
    assert answer.status_code == 400
    assert f'name="village" value="{meant.code}"' in answer.content.decode()
    assert clerk.post(url, {**typed, "village": meant.code}).status_code == 302
    assert Resident.objects.get(pk=number).village == meant


def test_a_village_is_looked_up_for_forms_with_and_without_a_script(cast: Cast) -> None:
    clerk, name = client_of(cast.clerk), cast.village.name
    told = clerk.get("/residents/villages", {"q": f"ds {name}", "format": "json"}).json()
    assert cast.village.code in {row["code"] for row in told["villages"]}
    assert name in clerk.get("/residents/villages", {"q": name}).content.decode()


def twins(cast: Cast) -> tuple[int, int]:
    """The same Sari, once with her NIK and once, typed in a hurry, without."""
    first = place(cast)
    second = place(cast, number="R-2", nik="", full_name="Sari")
    return first.resident_id, second.resident_id


def test_duplicates_are_found_merged_and_parted_again(cast: Cast) -> None:
    kept, gone = twins(cast)
    clerk = client_of(cast.clerk)
    assert f"/dispatch/people/{kept}/merge/{gone}" in page(clerk, kept)
    before = list(Resident.objects.order_by("pk").values_list("full_name", "phone", "nik"))
    url = f"/dispatch/people/{kept}/merge/{gone}"
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"reason": "same_card"}).status_code == 302
    assert find_people(reader(cast), "sari")[0].number == kept
    assert len(find_people(reader(cast), "sari")) == 1
    assert f"/dispatch/people/{kept}/merge/{gone}" not in page(clerk, kept)
    merge = Merge.objects.get()
    assert clerk.post(f"/dispatch/people/{kept}/merges/{merge.pk}/undo").status_code == 302
    assert clerk.post(f"/dispatch/people/{kept}/merges/{merge.pk}/undo").status_code == 302
    assert list(Resident.objects.order_by("pk").values_list("full_name", "phone", "nik")) == before
    assert len(find_people(reader(cast), "sari")) == 2
    kinds = Event.objects.filter(kind__startswith="resident.merge").order_by("pk")
    assert [event.kind for event in kinds] == ["resident.merged", "resident.merge_undone"]


def test_orders_of_a_merged_entry_are_read_through_the_one_that_stays(cast: Cast) -> None:
    kept, gone = twins(cast)
    clerk = client_of(cast.clerk)
    clerk.post(f"/dispatch/people/{kept}/merge/{gone}", {"reason": "same_card"})
    order = Order.objects.get(resident_id=gone)
    assert read_people(reader(cast), [gone])[gone].number == kept
    assert "Sari" in clerk.get(f"/medicine/orders/{order.code}").content.decode()
    found = orders_found(cast.member(cast.clerk), typed=local_id(kept), state="")
    assert {each.resident_id for each in found} == {kept, gone}
    assert clerk.get(f"/residents/{gone}").status_code == 200


def test_the_nik_is_taken_over_by_the_entry_that_stays_and_given_back(cast: Cast) -> None:
    with_nik, without = twins(cast)
    clerk = client_of(cast.clerk)
    clerk.post(f"/dispatch/people/{without}/merge/{with_nik}", {"reason": "same_card"})
    assert Resident.objects.get(pk=without).nik == NIK
    again = place(cast, number="R-3")
    assert again.resident_id == without
    clerk.post(f"/dispatch/people/{without}/merges/{Merge.objects.get().pk}/undo")
    assert (Resident.objects.get(pk=with_nik).nik, Resident.objects.get(pk=without).nik) == (
        NIK,
        "",
    )


def test_two_with_different_niks_are_not_made_one(cast: Cast) -> None:
    first = place(cast).resident_id
    second = place(cast, number="R-2", nik="3510164903510002").resident_id
    answer = client_of(cast.clerk).post(
        f"/dispatch/people/{first}/merge/{second}", {"reason": "same_card"}
    )
    assert answer.status_code == 400
    assert not Merge.objects.exists()


def test_a_nik_of_another_entry_is_refused_with_the_way_out(cast: Cast) -> None:
    kept, gone = twins(cast)
    typed = typed_correction(cast, gone, nik=NIK)
    answer = client_of(cast.clerk).post(f"/residents/{gone}/correct", typed)
    assert answer.status_code == 400
    assert "gabungkan" in answer.content.decode()
    assert Resident.objects.get(pk=kept).nik == NIK


def test_who_died_is_noted_on_the_page_and_taken_back(cast: Cast) -> None:
    number = place(cast).resident_id
    clerk, url = client_of(cast.clerk), f"/dispatch/people/{number}"
    died = datetime.now(UTC).date() - timedelta(days=3)
    typed = {"on": died.strftime("%d-%m-%Y"), "source": "family"}
    assert clerk.post(f"{url}/deceased", typed).status_code == 302
    assert died.strftime("%d-%m-%Y") in page(clerk, number)
    clerk.post(f"{url}/alive")
    assert Resident.objects.get(pk=number).deceased_on == ""


def test_who_read_a_person_stands_on_the_page(cast: Cast) -> None:
    number = place(cast).resident_id
    page(client_of(cast.operator), number)
    assert "operator" in client_of(cast.clerk).get(f"/residents/{number}/readings").content.decode()
