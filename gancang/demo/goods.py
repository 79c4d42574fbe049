"""Papers that go to the door, and what people complain of: open, decided, appealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.complaints import actions as complaints
from gancang.complaints import rules
from gancang.dispatch import actions as dispatch
from gancang.parcels import actions as parcels
from gancang.parcels.actions import Draft
from gancang.parcels.handing_over import AtTheDoor, hand_over
from gancang.parcels.rules import levels_of
from gancang.programmes.queries import get_programme, terms_of
from gancang.residents.actions import Particulars
from gancang.trips.queries import along_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from gancang.regions.models import Region

PROGRAMME = "dokumen"
SIGNATURE = "M10 60L40 20L60 70L90 30L120 60"
PAPERS = (
    ("Akta kelahiran", "Siti Maisaroh"),
    ("Kartu keluarga", "Bambang Wijaya"),
    ("KTP elektronik", "Dewi Anggraini"),
    ("Akta kematian", "Supriyadi"),
    ("Surat pindah", "Nur Hidayah"),
)
BROUGHT, READY = 3, 4  # of these so many are at their doors, so many left the desk at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Who sends papers, who carries them, who hears what was wrong with them."""

    sender: User
    riders: Sequence[User]
    operator: User
    officer: User
    village: User


def papers_to_doors(region: Region, desks: Desks, *, now: datetime) -> None:
    """Papers of the counter: some are brought, one looks for a rider, one is to be packed.

    What was wrong with those that came is told, decided, and appealed.
    """
    origin = desks.sender.memberships.get().organisation
    assert origin is not None, desks.sender
    assert origin.village is not None, origin.code
    programme, by = get_programme(region, PROGRAMME), desks.sender.username
    made = []
    for number, (contents, name) in enumerate(PAPERS, 1):
        receiver = Particulars(
            full_name=name,
            village=origin.village,
            address=f"Jalan Kenanga {number}, RT {number:02d}/RW 01",
            birth_date=now.date().replace(year=1970 + number, day=number),
            phone=f"+62813900000{number:02d}",
            lat=origin.village.lat + 0.002 * number,
            lon=origin.village.lon + 0.001 * number,
        )
        draft = Draft(programme=programme, contents=contents, newcomer=receiver, confirmed=True)
        made.append(parcels.place(draft, origin, by=by, now=now))
    for order in made[:READY]:
        parcels.send_out(order, pieces=1, by=by, seen_version=None, now=now)
    for order in made[:BROUGHT]:
        bring(order, desks.riders[0], desks.operator, now=now)
    _complain(region, made[:BROUGHT], desks, now=now)


def bring(order: Order, rider: User, operator: User, *, now: datetime) -> None:
    """The operator gives an order to a rider, who fetches and hands it over."""
    dispatch.assign_by_hand(
        order,
        rider,
        reason="Searah dengan pengantaran sebelumnya",
        by=operator.memberships.get(),
        seen_version=order.version,
        now=now,
        despite=True,
    )
    order.refresh_from_db()
    bags = " ".join(code for each in (order, *along_from(order)) for code in each.codes_on_bags)
    dispatch.collect(order, bag_code=bags, by=rider, seen_version=None, now=now)
    sign(order, rider, now=now)


def sign(order: Order, rider: User, *, now: datetime) -> None:
    """Who receives it shows what the programme asks for first."""
    told = AtTheDoor(
        bag_codes=" ".join(order.codes_on_bags),
        receiver="Penerima",
        relation="self",
        level=levels_of(terms_of(order.programme).proof)[0],
        factor=order.door_code,
        signature=SIGNATURE,
        paid="cash",
        at=now,
    )
    hand_over(order, told, rider=rider, seen_version=None, now=now)


def _complain(region: Region, orders: Sequence[Order], desks: Desks, *, now: datetime) -> None:
    """One waits for an answer, one was heard and got it, the rider is not content with a third."""
    told = (
        (rules.LESS, "Kutipan akta hanya satu, seharusnya dua lembar.", "page", None),
        (rules.WRONG, "Nama anak di kartu keluarga salah tulis.", "desk", desks.village),
        (rules.NOT_CAME, "Katanya sudah diantar, di rumah tidak ada yang menerima.", "phone", None),
    )
    rows = [
        complaints.tell(
            complaints.Told(code=order.code, cause=cause, words=words, channel=channel),
            region=region,
            by=by,
            now=now,
        )
        for order, (cause, words, channel, by) in zip(orders, told, strict=True)
    ]
    _first, heard, contested = rows
    words = "Loket mencetak ulang, diantar lagi tanpa biaya."
    complaints.decide(heard, rules.REDELIVER, words, by=desks.officer, now=now)
    words = "Tanda tangan bukan milik penerima, pengantar tidak menelepon."
    complaints.decide(contested, rules.TAKE_BACK, words, by=desks.officer, now=now)
    words = "Pengantar: diterima menantu di teras, lihat tanda tangannya."
    complaints.appeal(contested, words, by=desks.operator, now=now)
