"""Bu Sri writes her menu with one thumb: dishes, photos, options, and what is out."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gancang.audit.models import Event
from gancang.menus.models import Choice, Dish, DishPhoto, Section
from gancang.menus.queries import is_there
from gancang.menus.rules import moved
from gancang.regions.queries import next_midnight
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

SOTO = {"name": "Rujak soto", "price_rp": "15.000", "description": "Cingur, lontong, kuah soto"}


@pytest.fixture
def sri(cast: Cast) -> Client:
    """Bu Sri's telephone; nobody has written a menu yet."""
    Dish.objects.all().delete()
    Section.objects.all().delete()
    return client_of(cast.stall)


def on_menu(sri: Client, **told: object) -> Dish:
    """A dish that she has written down."""
    answer = sri.post("/menus/dishes/new", {**SOTO, **told})
    assert answer.status_code == 302, answer.content.decode()
    return Dish.objects.order_by("-pk")[0]


def jpeg(width: int = 1600, height: int = 1200) -> bytes:
    """What her telephone takes, with the place where it was taken."""
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Telepon Bu Sri"
    exif.get_ifd(0x8825)[1] = "S"
    Image.effect_noise((width, height), 40).convert("RGB").save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def send_photo(sri: Client, dish: Dish, raw: bytes, name: str = "soto.jpg") -> tuple[int, str]:
    """She chooses a file and sends it."""
    sent = {"photo": SimpleUploadedFile(name, raw)}
    answer = sri.post(f"/menus/dishes/{dish.pk}/photo", sent)
    return answer.status_code, answer.content.decode()


def test_the_empty_menu_says_how_to_begin_and_the_first_dish_stands_there(sri: Client) -> None:
    assert "/menus/dishes/new" in sri.get("/menus/").content.decode()
    dish = on_menu(sri, stock="12", stock_shown="")
    page = sri.get("/menus/").content.decode()
    assert "Rujak soto" in page
    assert "Rp 15.000" in page
    assert dish.stock == 12
    again = sri.post("/menus/dishes/new", {**SOTO, "name": "rujak SOTO"})
    assert again.status_code == 400
    assert "sudah ada di menu" in again.content.decode()
    nothing = sri.post("/menus/dishes/new", {"name": "Es", "price_rp": "0"})
    assert nothing.status_code == 400
    assert Dish.objects.count() == 1


def test_one_tap_says_out_and_one_tap_says_back(sri: Client, cast: Cast) -> None:
    dish, now = on_menu(sri), datetime.now(UTC)
    sri.post(f"/menus/dishes/{dish.pk}/out")
    dish.refresh_from_db()
    assert not is_there(dish, now=now)
    assert "Ada lagi" in sri.get("/menus/").content.decode()
    sri.post(f"/menus/dishes/{dish.pk}/back")
    dish.refresh_from_db()
    assert is_there(dish, now=now)
    sri.post(f"/menus/dishes/{dish.pk}/out-today")
    dish.refresh_from_db()
    morning = next_midnight(cast.region, now)
    assert dish.back_at == morning
    assert not is_there(dish, now=now)
    assert is_there(dish, now=morning)
    kinds = list(Event.objects.filter(kind__startswith="dish.").values_list("kind", flat=True))
    assert kinds == ["dish.written", "dish.out", "dish.back", "dish.out"]


def test_what_is_taken_off_the_menu_can_be_put_back(sri: Client) -> None:
    dish = on_menu(sri)
    sri.post(f"/menus/dishes/{dish.pk}/retire")
    page = sri.get("/menus/").content.decode()
    assert "/restore" in page
    other = on_menu(sri)
    taken = sri.post(f"/menus/dishes/{dish.pk}/restore", follow=True).content.decode()
    assert "sudah ada di menu" in taken, "another dish has its name by now"
    sri.post(f"/menus/dishes/{other.pk}/retire")
    sri.post(f"/menus/dishes/{dish.pk}/restore")
    dish.refresh_from_db()
    assert dish.retired_at is None


def test_a_photo_is_small_upright_and_tells_nothing_of_its_owner(sri: Client) -> None:
    dish, taken = on_menu(sri), jpeg()
    assert send_photo(sri, dish, taken)[0] == 302
    photo = DishPhoto.objects.get()
    large, small = (Image.open(io.BytesIO(bytes(each))) for each in (photo.large, photo.small))
    assert (large.size, small.size) == ((640, 480), (160, 120))
    assert not large.getexif()
    assert b"Bu Sri" in taken
    assert b"Bu Sri" not in bytes(photo.large)
    anybody = Client()
    page = anybody.get(f"/foto/{photo.digest}/small")
    assert page["Content-Type"] == "image/jpeg"
    assert "immutable" in page["Cache-Control"]
    assert "public" in page["Cache-Control"]
    kept = anybody.get(f"/foto/{photo.digest}/small", headers={"If-None-Match": page["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    sri.post(f"/menus/dishes/{dish.pk}/retire")
    assert anybody.get(f"/foto/{photo.digest}/small").status_code == 404


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xd8\xff" + b"\0" * (40 * 2**20), "8 MB"),
        (b"%PDF-1.7 not a photo", "tidak terbaca"),
        (b"\x89PNG\r\n\x1a\n" + b"cut off", "tidak terbaca"),
    ],
)
def test_a_huge_file_and_one_that_is_no_photo_are_refused(
    sri: Client, raw: bytes, said: str
) -> None:
    dish = on_menu(sri)
    status, page = send_photo(sri, dish, raw)
    assert status == 400
    assert said in page
    assert not DishPhoto.objects.exists()


def test_options_are_written_a_line_each_and_keep_their_numbers(sri: Client) -> None:
    dish = on_menu(sri)
    told = {"name": "Tambahan", "choices": "Telur + 3.000\nKerupuk + Rp 2000\nTanpa", "most": "9"}
    assert sri.post(f"/menus/dishes/{dish.pk}/options", told).status_code == 302
    group = dish.groups.get()
    assert (group.least, group.most) == (0, 3)
    extras = list(group.choices.order_by("position").values_list("name", "extra_rp"))
    assert extras == [("Telur", 3_000), ("Kerupuk", 2_000), ("Tanpa", 0)]
    egg = group.choices.get(name="Telur")
    changed = {**told, "choices": "Telur + 4000\nTempe", "is_asked": "on", "most": "1"}
    assert sri.post(f"/menus/options/{group.pk}", changed).status_code == 302
    assert Choice.objects.get(pk=egg.pk).extra_rp == 4_000
    assert set(group.choices.values_list("name", flat=True)) == {"Telur", "Tempe"}
    sri.post(f"/menus/choices/{egg.pk}")
    assert not Choice.objects.get(pk=egg.pk).is_available
    for odd in ("Telur + banyak", "Telur\ntelur", "+ 3000"):
        answer = sri.post(f"/menus/options/{group.pk}", {**changed, "choices": odd})
        assert answer.status_code == 400, odd
    assert Choice.objects.get(pk=egg.pk).extra_rp == 4_000


def test_sections_and_dishes_go_up_and_down(sri: Client) -> None:
    for name in ("Minuman", "Kuah"):
        sri.post("/menus/sections", {"name": name})
    soups = Section.objects.get(name="Kuah")
    soto = on_menu(sri, section=str(soups.pk))
    rawon = on_menu(sri, name="Rawon", section=str(soups.pk))
    tea = on_menu(sri, name="Es teh", section=str(Section.objects.get(name="Minuman").pk))
    sri.post(f"/menus/sections/{soups.pk}/up")
    sri.post(f"/menus/dishes/{rawon.pk}/up")
    sri.post(f"/menus/dishes/{rawon.pk}/up")  # it is the first already
    page = sri.get("/menus/").content.decode()
    names = ["Kuah", *(f"d{each.pk}" for each in (rawon, soto)), "Minuman", f"d{tea.pk}"]
    places = [page.index(f">{name}<" if name[0] != "d" else f'id="{name}"') for name in names]
    assert places == sorted(places)
    sri.post(f"/menus/sections/{soups.pk}/rename", {"name": "minuman"})
    assert Section.objects.get(pk=soups.pk).name == "Kuah", "there is one of that name"
    sri.post(f"/menus/sections/{soups.pk}/drop")
    soto.refresh_from_db()
    assert soto.section is None


def test_a_page_that_lay_open_does_not_bring_sold_portions_back(sri: Client) -> None:
    dish = on_menu(sri, stock="5", stock_shown="")
    Dish.objects.filter(pk=dish.pk).update(stock=3)  # two were sold meanwhile
    shown = {**SOTO, "price_rp": "16000", "stock": "5", "stock_shown": "5"}
    assert sri.post(f"/menus/dishes/{dish.pk}", shown).status_code == 302
    dish.refresh_from_db()
    assert (dish.stock, dish.price_rp) == (3, 16_000)
    sri.post(f"/menus/dishes/{dish.pk}", {**shown, "stock": "20"})
    dish.refresh_from_db()
    assert dish.stock == 20


@given(st.lists(st.integers(), min_size=1, max_size=8, unique=True), st.data(), st.booleans())
def test_moving_loses_nothing_and_can_be_undone(
    order: list[int], data: st.DataObject, up: bool
) -> None:
    which = data.draw(st.sampled_from(order))
    after = moved(order, which, up=up)
    assert sorted(after) == sorted(order)
    assert after == order or moved(after, which, up=not up) == order
