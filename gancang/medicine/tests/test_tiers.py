"""Three tiers: which proof opens which, who pays for the way, and what the patient agreed to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.medicine.actions import Counter
from gancang.medicine.actions import place as place_prescription
from gancang.medicine.models import Acceptance
from gancang.medicine.rules import Draft, read_draft
from gancang.medicine.tests.csv_files import row_of, write
from gancang.medicine.tests.test_api import content_of, machine_of
from gancang.medicine.tests.test_import import bring
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.programmes.queries import list_programmes, terms_of
from gancang.programmes.rules import Why
from gancang.regions.queries import get_tariff, today_in, villages_by_code
from gancang.regions.tariffs import price
from gancang.residents.models import Fact
from gancang.values import Refused
from tests.cast import client_of, place, shares_of_order, typed_prescription

if TYPE_CHECKING:
    from pathlib import Path

    from gancang.programmes.rules import Terms
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def tiers(cast: Cast) -> dict[int, Terms]:
    """The region's tiers by the last figure of their codes."""
    found = (terms_of(row) for row in list_programmes(cast.region))
    return {int(terms.code[-1]): terms for terms in found if terms.item_class == "medicine"}


def quoted(cast: Cast, metres: int) -> int:
    """What the second tier's tariff asks for so many metres today."""
    on = today_in(cast.region, datetime.now(UTC))
    return price(get_tariff(cast.region, tiers(cast)[2].tariff, on=on), metres).rupiah


PROOFS = {
    "pbi-active": (1, {"pbi": "ya"}),
    "village-letter": (1, {"village_letter": "ya"}),
    "desil": (1, {"desil": "4"}),
    "local-list": (1, {"local_list": "ya"}),
    "judged-in-need": (3, {"judged_in_need": "ya"}),
}


@pytest.mark.parametrize("clause", PROOFS)
def test_each_proof_alone_makes_it_free_and_the_order_names_it(cast: Cast, clause: str) -> None:
    tier, proof = PROOFS[clause]
    typed = typed_prescription(cast, **{"pbi": "tidak", **proof})
    who = cast.pharmacist if "judged_in_need" in proof else cast.clerk
    answer = client_of(who).post("/medicine/new", typed)
    assert answer.status_code == 302, answer.content.decode()
    order = Order.objects.get()
    assert (order.programme.code, order.eligibility_clause) == (tiers(cast)[tier].code, clause)
    assert order.patient_pays_rp == 0
    assert sum(shares_of_order(order.code).values()) == order.price_rp
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    assert order.programme.name in story


def test_a_desil_above_the_line_opens_nothing(cast: Cast) -> None:
    typed = typed_prescription(cast, pbi="tidak", desil="5")
    assert "accepts_rp" in client_of(cast.clerk).post("/medicine/new", typed).content.decode()
    assert not Order.objects.exists()


def test_whoever_has_no_proof_hears_the_price_first_and_pays_it_once_he_agrees(cast: Cast) -> None:
    clerk, typed = client_of(cast.clerk), typed_prescription(cast, pbi="tidak")
    asked = clerk.post("/medicine/new", typed)
    assert asked.status_code == 200
    assert not Order.objects.exists(), "nothing is placed before the patient has agreed"
    offer = asked.context["offer"]
    assert offer["price"].rupiah == quoted(cast, offer["distance_m"]) > 0
    assert str(offer["price"]) in asked.content.decode()
    typed["accepts_rp"] = str(offer["price"].rupiah)
    assert clerk.post("/medicine/new", typed).status_code == 302
    order = Order.objects.get()
    assert order.programme.code == tiers(cast)[2].code
    assert order.patient_pays_rp == order.price_rp == offer["price"].rupiah
    assert shares_of_order(order.code) == {}, "no public money is set aside"
    accepted = Acceptance.objects.get(order=order)
    assert (accepted.amount_rp, accepted.recorded_by) == (order.price_rp, cast.clerk.username)
    letter = Letter.objects.get(subject=order.code)
    assert str(offer["price"]) in letter.body
    assert "gratis" not in letter.body


def test_the_enter_key_accepts_no_price(cast: Cast) -> None:
    typed = typed_prescription(cast, pbi="tidak")
    page = client_of(cast.clerk).post("/medicine/new", typed).content.decode()
    form = page[page.index('<form method="post" class="card"') :]
    assert "accepts_rp" in form
    first = form[form.index("<button") :].partition(">")[0]
    assert "accepts_rp" not in first, "browsers press the first button of a form on Enter"


@pytest.mark.parametrize("accepted", ["", "1", "999"])
def test_a_price_that_rose_since_it_was_accepted_is_asked_again(cast: Cast, accepted: str) -> None:
    typed = typed_prescription(cast, pbi="tidak", accepts_rp=accepted)
    assert client_of(cast.clerk).post("/medicine/new", typed).context["offer"]
    assert not Order.objects.exists()


def test_nine_kilometres_cost_what_the_tariff_says(cast: Cast) -> None:
    # Nine kilometres north of the hospital's own point, as the estimate measures them.
    origin = cast.hospital
    assert origin.lat is not None
    assert origin.lon is not None
    typed = typed_prescription(cast, pbi="tidak")
    north = 0.0
    while True:
        north += 0.002
        typed |= {"lat": f"{origin.lat + north:.6f}", "lon": f"{origin.lon:.6f}"}
        offer = client_of(cast.clerk).post("/medicine/new", typed).context["offer"]
        if offer["distance_m"] > 8_700:
            break
    assert offer["distance_m"] < 9_300
    assert offer["price"].rupiah == quoted(cast, offer["distance_m"]) > quoted(cast, 4_000)
    assert place(cast, pbi="ya").patient_pays_rp == 0, "a card holder pays nothing, near or far"


def test_a_clerk_does_not_judge_who_needs_the_pharmacist(cast: Cast) -> None:
    page = client_of(cast.clerk).get("/medicine/new").content.decode()
    assert "judged_in_need" not in page
    assert "judged_in_need" in client_of(cast.pharmacist).get("/medicine/new").content.decode()
    typed = typed_prescription(cast, pbi="tidak", judged_in_need="ya")
    assert client_of(cast.clerk).post("/medicine/new", typed).context["offer"]
    assert not Fact.objects.filter(name="judged_in_need").exists()


def test_the_pharmacist_who_judged_is_named_with_the_judgement(cast: Cast) -> None:
    typed = typed_prescription(cast, judged_in_need="ya")
    client_of(cast.pharmacist).post("/medicine/new", typed)
    order = Order.objects.get()
    assert order.programme.code == tiers(cast)[3].code, "his visit comes before a card"
    assert order.price_rp == 0
    assert cast.pharmacist.full_name in Fact.objects.get(name="judged_in_need").source


def draft_of(cast: Cast, now: datetime, **changed: str) -> Draft:
    """A prescription as the rules read it on a day."""
    typed = typed_prescription(cast, **changed)
    villages = villages_by_code(cast.region)
    draft = read_draft(typed, villages=villages, today=today_in(cast.region, now))
    assert isinstance(draft, Draft), draft
    return draft


def placed(cast: Cast, now: datetime, **changed: str) -> Order:
    """The counter places a prescription on a day."""
    counter = Counter(origin=cast.hospital, door="form", by=cast.clerk.username)
    return place_prescription(draft_of(cast, now, **changed), counter, now=now)


def test_a_letter_of_last_month_still_counts_and_after_ninety_days_is_asked_for_again(
    cast: Cast,
) -> None:
    now = datetime.now(UTC)
    before = now - timedelta(days=91)
    placed(cast, before, number="R-1", pbi="tidak", village_letter="ya")
    month_later = placed(cast, before + timedelta(days=30), number="R-2", pbi="tidak")
    assert month_later.eligibility_clause == "village-letter"
    for agreed in ("", "500000"):  # an old proof never makes a patient pay
        with pytest.raises(Refused) as refusal:
            placed(cast, now, number="R-3", pbi="tidak", accepts_rp=agreed)
        assert refusal.value.reason is Why.FACTS_TOO_OLD
        assert refusal.value.facts["fact"] == "village_letter"
    assert placed(cast, now, number="R-3", pbi="tidak", village_letter="ya").patient_pays_rp == 0
    asked = {"number": "R-4", "pbi": "tidak", "village_letter": "tidak", "accepts_rp": "500000"}
    assert placed(cast, now, **asked).patient_pays_rp > 0


def test_a_system_is_told_the_price_and_sends_the_patients_word(cast: Cast) -> None:
    simrs = machine_of(cast)
    asked = simrs.send(content_of(cast, pbi=False))
    told = json.loads(asked.content)
    assert (asked.status_code, told["reason"]) == (409, "price_not_accepted")
    assert f"{told['price_rp']:,}".replace(",", ".") in told["message"]
    placed = simrs.send(content_of(cast, pbi=False, accepts_rp=told["price_rp"]))
    assert placed.status_code == 201, placed.content
    assert json.loads(placed.content)["patient_pays_rp"] == told["price_rp"]
    assert json.loads(placed.content)["programme"] == tiers(cast)[2].code


@pytest.mark.parametrize(
    ("content", "clause"),
    [
        ({"village_letter": True, "village_letter_as_of": "2026-11-01"}, "village-letter"),
        ({"desil": 1}, "desil"),
        ({"local_list": True}, "local-list"),
        ({"judged_in_need": True, "judged_by": "apt. Rini"}, "judged-in-need"),
    ],
)
def test_a_system_sends_the_further_proofs(
    cast: Cast, content: dict[str, object], clause: str
) -> None:
    if "village_letter_as_of" in content:
        content["village_letter_as_of"] = today_in(cast.region, datetime.now(UTC)).isoformat()
    answer = machine_of(cast).send(content_of(cast, pbi=False, **content))
    assert answer.status_code == 201, answer.content
    assert json.loads(answer.content)["clause"] == clause


def test_a_judgement_without_a_pharmacist_is_none(cast: Cast) -> None:
    answer = machine_of(cast).send(content_of(cast, judged_in_need=True))
    assert answer.status_code == 422
    assert [p["field"] for p in json.loads(answer.content)["problems"]] == ["judged_in_need"]


def test_a_file_brings_all_tiers(cast: Cast, tmp_path: Path) -> None:
    rows = [
        row_of(cast, 1, pbi="ya"),
        row_of(cast, 2, pbi="tidak", spm="ya"),
        row_of(cast, 3, pbi="tidak", desil="2"),
        row_of(cast, 4, pbi="tidak", perlu_kunjungan="ya", apoteker_penilai="apt. Rini"),
        row_of(cast, 5, pbi="tidak", daftar_daerah="ya"),
        row_of(cast, 6, pbi="tidak", setuju_bayar="Rp 500.000"),
    ]
    report = bring(cast, write(tmp_path, rows))
    assert report.ok, report.lines()
    order_of = {o.prescription.number: o for o in Order.objects.select_related("prescription")}
    found = [order.eligibility_clause for _, order in sorted(order_of.items())]
    assert found == [
        "pbi-active",
        "village-letter",
        "desil",
        "judged-in-need",
        "local-list",
        "anyone",
    ]
    assert order_of["R-00006"].patient_pays_rp < 500_000, "he pays the price, not what he offered"
