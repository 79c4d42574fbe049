"""Bu Sri joins at the village desk; the regency approves her; she opens, closes and is busy."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from gancang import packs
from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Membership, Role, User
from gancang.audit.models import Event
from gancang.outbox.models import Letter
from gancang.regions.models import Organisation
from gancang.shops.models import Knock, Shop, ShopPaper
from gancang.shops.papers import warn
from gancang.shops.queries import is_open, promise_of, selling
from gancang.shops.tests.fixtures import days, kitchen, shown, today
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def typed(**changed: Any) -> dict[str, Any]:
    """What is typed of Bu Sri's warung at the desk."""
    return {
        "kind": "kitchen",
        "name": "Warung Rawon Bu Sri",
        "sells": "rawon, pecel",
        "address": "depan masjid",
        "owner_name": "Sri Wahyuni",
        "phone": "0812 3456 7801",
        "days": [str(day) for day in range(7)],
        "opens": "00:00",
        "closes": "23:59",
    } | changed


def joined(cast: Cast) -> Shop:
    """She joined at the desk of her village."""
    answer = client_of(cast.village_clerk).post("/shops/join", typed())
    assert answer.status_code == 302
    return Shop.objects.get(name="Warung Rawon Bu Sri")


def do(cast: Cast, shop: Shop, deed: str, by: Any = None, **told: Any) -> Any:
    """Somebody presses a button of the shop's page."""
    return client_of(by or cast.officer).post(f"/shops/{shop.pk}/{deed}", told)


def test_she_joins_at_her_village_desk_and_the_page_says_what_is_lacking_by_when(
    cast: Cast,
) -> None:
    shop = joined(cast)
    assert (shop.state, shop.village, shop.owner_phone) == (
        "applied",
        cast.village,
        "+6281234567801",
    )
    page = client_of(cast.village_clerk).get(f"/shops/{shop.pk}").content.decode()
    assert "NIB" in page
    assert (today(cast) + days(90)).strftime("%d-%m-%Y") in page
    assert shop.organisation is None
    assert Letter.objects.filter(kind="shop.applied", subject=f"shop-{shop.pk}").exists()


def test_twice_the_same_warung_in_one_village_is_refused(cast: Cast) -> None:
    joined(cast)
    answer = client_of(cast.village_clerk).post("/shops/join", typed(name="warung rawon bu sri"))
    assert answer.status_code == 400
    assert Shop.objects.filter(village=cast.village).count() == 1


def test_approved_she_is_an_organisation_and_gets_her_own_log_in_by_letter(cast: Cast) -> None:
    shop = joined(cast)
    assert do(cast, shop, "approve").status_code == 302
    shop.refresh_from_db()
    house = shop.organisation
    assert house is not None
    assert (house.code, house.kind, house.village) == (
        "warung-rawon-bu-sri",
        "kitchen",
        cast.village,
    )
    owner = Membership.objects.get(organisation=house, role=Role.STALL).user
    assert owner.phone == "+6281234567801"
    assert Letter.objects.filter(kind="account.invitation", subject=owner.username).exists()
    assert house in selling(cast.region, on=today(cast))
    again = do(cast, shop, "approve")
    assert again.status_code == 400
    assert Membership.objects.filter(organisation=house).count() == 1


def test_a_load_of_the_pack_does_not_miss_who_joined_by_herself(cast: Cast) -> None:
    shop = joined(cast)
    do(cast, shop, "approve")
    gone = Organisation.objects.create(region=cast.region, code="warung-lama", kind="kitchen")
    now, pack = timezone.now(), Path("region_packs") / cast.region.slug
    packs.load(pack, by="tests", now=now)
    said = packs.load(pack, by="tests", now=now)
    assert f"organisation {gone.code}: no longer in the pack; kept" in said
    assert not [each for each in said if "warung-rawon-bu-sri" in each]


def test_rejected_she_is_told_why_and_nothing_is_made(cast: Cast) -> None:
    shop = joined(cast)
    assert do(cast, shop, "reject", **{"reject-why": ""}).status_code == 400
    assert do(cast, shop, "reject", **{"reject-why": "Sudah pindah"}).status_code == 302
    shop.refresh_from_db()
    assert (shop.state, shop.organisation) == ("rejected", None)
    assert "Sudah pindah" in Letter.objects.get(kind="shop.rejected").body


def test_a_required_paper_that_nobody_saw_keeps_her_out_until_somebody_assists(cast: Cast) -> None:
    cast.region.config["shops"]["papers"][0] |= {"bars": "missing", "assisted": True}
    cast.region.save()
    shop = joined(cast)
    assert do(cast, shop, "approve").status_code == 400
    until = (today(cast) + days(60)).strftime("%d-%m-%Y")
    told = {"helper": "Bu Ani", "until": until, "steps": "NIB di kantor desa\nfoto dapur"}
    assert do(cast, shop, "assist", by=cast.village_clerk, **told).status_code == 302
    assert do(cast, shop, "approve").status_code == 302
    assert [step.due_on for step in shop.assistance.order_by("pk")] == [
        today(cast) + days(30),
        today(cast) + days(60),
    ]
    step = shop.assistance.order_by("pk")[0]
    assert do(cast, shop, "step", by=cast.village_clerk, number=step.pk).status_code == 302
    step.refresh_from_db()
    assert step.done_on == today(cast)


def photo() -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F] = "Kamera Sri"
    taken = io.BytesIO()
    Image.new("RGB", (3000, 2000), "teal").save(taken, "JPEG", exif=exif)
    return SimpleUploadedFile("nib.jpg", taken.getvalue(), "image/jpeg")


def test_the_owner_shows_a_paper_with_a_photo_and_the_officer_compares_it(cast: Cast) -> None:
    told = {"kind": "p-irt", "number": "2063510010123-29", "photo": photo()}
    assert client_of(cast.stall).post("/shops/mine/papers", told).status_code == 302
    paper = ShopPaper.objects.get()
    assert (paper.expires_on and paper.expires_on.year, paper.seen_by) == (2029, None)
    image = client_of(cast.officer).get(f"/shops/{paper.shop_id}/photos/paper/{paper.pk}")
    shown_there = Image.open(io.BytesIO(image.content))
    assert shown_there.size == (1600, 1067)
    assert not shown_there.getexif()
    assert do(cast, paper.shop, "compare", number=paper.pk).status_code == 302
    paper.refresh_from_db()
    assert paper.seen_by == cast.officer
    assert do(cast, paper.shop, "compare", number=paper.pk).status_code == 400


def test_what_is_no_photo_is_refused_and_nothing_is_noted(cast: Cast) -> None:
    bad = SimpleUploadedFile("nib.jpg", b"\xff\xd8 no photo", "image/jpeg")
    told = {"kind": "nib", "number": "1234567890123", "photo": bad}
    assert client_of(cast.stall).post("/shops/mine/papers", told).status_code == 400
    assert not ShopPaper.objects.exists()


def test_h43_she_is_warned_once_60_days_before_and_once_when_it_has_ended(cast: Cast) -> None:
    Shop.objects.filter(pk=kitchen(cast).pk).update(owner_phone="+6281234567801")
    shown(kitchen(cast), "p-irt", today(cast) + days(60))
    for _time in range(2):
        warn(cast.region, now=timezone.now())
    letter = Letter.objects.get(kind="shop.ending")
    assert "P-IRT" in letter.body
    warn(cast.region, now=timezone.now() + days(61))
    assert Letter.objects.filter(kind="shop.ended").count() == 1
    assert "Pesanan baru belum bisa masuk" in Letter.objects.get(kind="shop.ended").body
    page = client_of(cast.officer).get("/shops/?which=papers").content.decode()
    assert kitchen(cast).name in page


def second_officer(cast: Cast) -> User:
    role = Role.PROGRAMME_OFFICER
    newcomer = Newcomer(username="rahma", full_name="Rahma", password=PASSWORD, role=role)
    return add_person(newcomer, region=cast.region, by="tests", now=timezone.now())


def test_a_suspension_has_a_reason_and_its_appeal_is_decided_by_another_person(cast: Cast) -> None:
    shop = kitchen(cast)
    assert do(cast, shop, "suspend", **{"suspend-why": "tikus di dapur"}).status_code == 302
    assert shop.organisation not in selling(cast.region, on=today(cast))
    appealed = client_of(cast.stall).post("/shops/mine/appeal", {"why": "Sudah bersih"})
    assert appealed.status_code == 302
    assert client_of(cast.stall).post("/shops/mine/appeal", {"why": "lagi"}).status_code == 400
    told = {"hear-ends": "yes", "hear-why": "Sudah diperiksa, bersih"}
    assert do(cast, shop, "hear", **told).status_code == 400  # who suspended it
    assert shop.organisation not in selling(cast.region, on=today(cast))
    assert do(cast, shop, "hear", by=second_officer(cast), **told).status_code == 302
    assert shop.organisation in selling(cast.region, on=today(cast))
    story = list(Event.objects.filter(subject=f"shop-{shop.pk}").order_by("pk"))
    assert [each.kind for each in story] == ["shop.suspended", "shop.appealed", "shop.heard"]


def test_a_failed_hygiene_check_is_told_and_noted_but_suspends_nobody_by_itself(cast: Cast) -> None:
    Shop.objects.filter(pk=kitchen(cast).pk).update(owner_phone="+6281234567801")
    on = today(cast).strftime("%d-%m-%Y")
    told = {"check-on": on, "check-result": "failed", "check-words": "air kotor"}
    assert do(cast, kitchen(cast), "check", **told).status_code == 302
    check = kitchen(cast).checks.get()
    assert check.next_on == today(cast) + days(360)
    assert "air kotor" in Letter.objects.get(kind="shop.checked").body
    assert kitchen(cast).organisation in selling(cast.region, on=today(cast))


def test_one_tap_closes_one_tap_opens_and_busy_adds_minutes_that_end_by_themselves(
    cast: Cast,
) -> None:
    phone, house = client_of(cast.stall), kitchen(cast).organisation
    assert house is not None
    phone.post("/shops/mine/switch/open")
    assert is_open(house, timezone.now())
    phone.post("/shops/mine/switch/closed")
    assert not is_open(house, timezone.now())
    phone.post("/shops/mine/switch/open")
    assert is_open(house, timezone.now())
    phone.post("/shops/mine/switch/busy-30")
    assert promise_of(house, timezone.now()).minutes == 50
    assert promise_of(house, timezone.now() + days(1)).minutes == 20
    phone.post("/shops/mine/prepares", {"minutes": "12"})
    phone.post("/shops/mine/switch/busy-0")
    assert promise_of(house, timezone.now()).minutes == 12


def test_days_off_close_the_shop_and_can_be_dropped(cast: Cast) -> None:
    phone, house = client_of(cast.stall), kitchen(cast).organisation
    assert house is not None
    first = today(cast).strftime("%d-%m-%Y")
    assert phone.post("/shops/mine/days-off", {"first": first, "why": "mudik"}).status_code == 302
    assert not is_open(house, timezone.now())
    row = kitchen(cast).days_off.get()
    phone.post(f"/shops/mine/days-off/{row.pk}/drop")
    assert not kitchen(cast).days_off.exists()


def week(**changed: str) -> dict[str, str]:
    told = {
        f"{part}_{day}_{at}": ""
        for part in ("opens", "closes")
        for day in range(7)
        for at in (0, 1)
    }
    return told | changed


def test_hours_have_two_openings_a_day_and_overlaps_are_refused(cast: Cast) -> None:
    phone = client_of(cast.stall)
    good = week(opens_0_0="06:00", closes_0_0="11:00", opens_0_1="16:00", closes_0_1="21:00")
    assert phone.post("/shops/mine/hours", good).status_code == 302
    assert kitchen(cast).hours.count() == 2
    assert phone.post("/shops/mine/hours", good | {"opens_0_1": "10:00"}).status_code == 400
    assert phone.post("/shops/mine/hours", good | {"closes_0_1": ""}).status_code == 400
    assert kitchen(cast).hours.count() == 2


def test_she_adds_a_helper_and_the_last_person_stays(cast: Cast) -> None:
    phone = client_of(cast.stall)
    last = phone.post(f"/shops/mine/keepers/{cast.stall.pk}/take", follow=True)
    assert "orang terakhir" in last.content.decode()
    told = {"name": "Ani", "phone": "081234567802"}
    assert phone.post("/shops/mine/keepers", told).status_code == 302
    ani = User.objects.get(full_name="Ani")
    assert ani.memberships.get().organisation == kitchen(cast).organisation
    phone.post(f"/shops/mine/keepers/{ani.pk}/take")
    assert not ani.memberships.exists()


def test_her_poster_opens_a_page_that_needs_no_log_in(cast: Cast) -> None:
    poster = client_of(cast.stall).get("/shops/mine/poster")
    assert poster.content.startswith(b"%PDF")
    house = kitchen(cast).organisation
    assert house is not None
    page = Client().get(f"/w/{cast.region.slug}/{house.code}")
    assert house.name in page.content.decode()


def code_in(letter: Letter) -> str:
    found = re.search(r"\d{6}", letter.body)
    assert found
    return found.group()


def test_an_owner_joins_alone_by_the_code_of_a_letter_and_a_wrong_one_opens_nothing(
    cast: Cast,
) -> None:
    phone = Client()
    entered = phone.post("/usaha", {"phone": "081234567803", "region": cast.region.code})
    assert entered.status_code == 302
    code = code_in(Letter.objects.get(kind="shop.code"))
    told = typed(place=f"{cast.village.name}, {cast.village.district.name}")
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    assert phone.post(entered["Location"], told | {"code": wrong}).status_code == 400
    assert not Shop.objects.filter(name=told["name"]).exists()
    assert phone.post(entered["Location"], told | {"code": code}).status_code == 200
    shop = Shop.objects.get(name=told["name"])
    assert (shop.applied_by, shop.owner_phone) == ("owner", "+6281234567803")
    assert phone.post(entered["Location"], told | {"code": code}).status_code == 404


def test_codes_are_not_guessed_nor_sent_for_ever(cast: Cast) -> None:
    phone, told = Client(), {"phone": "081234567803", "region": cast.region.code}
    first = phone.post("/usaha", told)
    code = code_in(Letter.objects.get(kind="shop.code"))
    asked = typed(place=f"{cast.village.name}, {cast.village.district.name}")
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    for _time in range(5):
        phone.post(first["Location"], asked | {"code": wrong})
    assert phone.post(first["Location"], asked | {"code": code}).status_code == 400
    assert [phone.post("/usaha", told).status_code for _time in range(3)] == [302, 302, 400]
    assert Knock.objects.count() == 3


def test_a_village_clerk_sees_only_the_shops_of_the_village(cast: Cast) -> None:
    shop = kitchen(cast)
    if shop.village == cast.village:
        Shop.objects.filter(pk=shop.pk).update(village=cast.hospital.village)
    assert client_of(cast.village_clerk).get(f"/shops/{shop.pk}").status_code == 404
    page = client_of(cast.village_clerk).get("/shops/?which=all").content.decode()
    assert shop.name not in page


def test_where_no_kitchen_is_open_is_told_by_district(cast: Cast) -> None:
    phone = client_of(cast.stall)
    phone.post("/shops/mine/switch/open")
    shop, officer = kitchen(cast), client_of(cast.officer)
    assert shop.village is not None
    district = f'<td data-label="Kecamatan">{shop.village.district.name}</td>'

    def without() -> str:
        row = officer.get("/shops/where").content.decode().partition(district)[2]
        return row.partition("</tr>")[0]

    opened = without()
    phone.post("/shops/mine/switch/closed")
    assert without() != opened


def test_the_list_is_found_by_dish_and_leaves_as_a_file_without_names(cast: Cast) -> None:
    shop, officer = joined(cast), client_of(cast.officer)
    assert shop.name in officer.get("/shops/?q=pecel").content.decode()
    assert shop.name not in officer.get("/shops/?q=soto").content.decode()
    file = officer.get("/shops/list.csv?which=applied").content.decode()
    assert shop.name in file
    assert "Sri Wahyuni" not in file
    assert "81234567801" not in file
