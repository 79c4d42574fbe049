"""What owners are told by letter, in words of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.outbox.actions import Note, post
from gancang.shops.rules import Result

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.shops.models import Shop

# Letters speak the region's language, whatever the sender's screen does.
SAYS = {
    "code": "Kode Gancang Anda: {code}. Berlaku 1 jam. Jangan berikan kepada siapa pun.",
    "applied": "Pendaftaran {name} kami terima. Surat yang belum ada ditunggu sampai {due}.",
    "approved": "Selamat, {name} disetujui. Tautan untuk masuk kami kirim terpisah.",
    "rejected": "Pendaftaran {name} belum dapat disetujui: {why}",
    "ending": "{paper} {name} berakhir {day}. Urus perpanjangannya sekarang, lalu tunjukkan "
    "yang baru di kantor desa atau di halaman usaha Anda.",
    "ended": "{paper} {name} sudah berakhir {day}. {then}",
    "suspended": "{name} dihentikan sementara {until}: {why} Anda boleh mengajukan keberatan di "
    "halaman usaha Anda; orang lain yang memutuskan.",
    "lifted": "Penghentian sementara {name} dicabut. {why}",
    "upheld": "Keberatan {name} sudah diputuskan: penghentian tetap berlaku. {why}",
    "checked": "Hasil pemeriksaan higiene {name}: {result}. {words}",
}

RESULT_SAYS = {
    Result.PASSED: "baik",
    Result.REMARKS: "baik, dengan catatan",
    Result.FAILED: "tidak layak",
}


def tell(shop: Shop, what: str, *, now: datetime, key: str = "", **told: str) -> None:
    """A letter to the owner; none where no number is known. The same key once."""
    if not shop.owner_phone:
        return
    due = f"{shop.due_on:%d-%m-%Y}" if shop.due_on else ""
    names = {"name": shop.name, "due": due, **told}
    note = Note(
        key=f"shop:{shop.pk}:{what}:{key or now.isoformat()}",
        kind=f"shop.{what}",
        subject=f"shop-{shop.pk}",
        address=shop.owner_phone,
        body=SAYS[what].format(**names),
        told=names,
    )
    post(note, region=shop.region.code, now=now)
