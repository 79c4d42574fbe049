"""A programme that asks for more than the courier's word: the card, else the date of birth."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang.cards.actions import give_card
from gancang.cards.rules import in_groups
from gancang.overview.verify import verify
from gancang.programmes.models import Programme
from gancang.servings.models import Serving
from gancang.servings.queries import unproved_among
from gancang.servings.tests.test_meals import (
    PROGRAMME,
    cooks,
    couriers,
    elders,
    kitchens,
    ride,
    seated,
    settled,
    stops,
)
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def at_the_door(cast: Cast, *levels: str, people: int = 1) -> list[Serving]:
    """A programme that is proved by these levels, and its meals on their round today."""
    for row in Programme.objects.filter(region=cast.region, code=PROGRAMME):
        Programme.objects.filter(pk=row.pk).update(terms={**row.terms, "proof": list(levels)})
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, people, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    return stops(cast)


def card_of(cast: Cast, stop: Serving) -> str:
    """The code on the card of whoever eats."""
    now, person = datetime.now(UTC), stop.diner.resident_id
    return in_groups(give_card(person, region=cast.region, by="tests", now=now).secret)


def told(stop: Serving, **typed: str) -> tuple[int, str]:
    """What the courier's page answers, and what the meal is then."""
    answer = client_of(stop.round.courier).post(f"/servings/stops/{stop.code}/seen", typed)
    stop.refresh_from_db()
    return answer.status_code, stop.state


def test_a_meal_is_proved_by_the_card_and_not_by_a_tap(cast: Cast) -> None:
    stop, other = at_the_door(cast, "card", "birth_date", people=2)
    page = client_of(stop.round.courier).get("/servings/mine").content.decode()
    assert f'action="/servings/stops/{stop.code}/seen"' not in page
    assert f'href="/servings/stops/{stop.code}/seen"' in page
    assert told(stop) == (400, "planned")  # a tap alone
    assert told(stop, level="tick", reason="lupa") == (400, "planned")  # not of this programme
    assert told(stop, level="card", factor=card_of(cast, other)) == (400, "planned")
    assert settled(cast, f"{stop.code}-S") == 0
    assert told(stop, level="card", factor=card_of(cast, stop)) == (302, "seen")
    assert (stop.proof, stop.wrong_tries) == ("card", 2)
    assert settled(cast, f"{stop.code}-S") == 2_000
    page = client_of(cast.auditor).get(f"/servings/stops/{stop.code}").content.decode()
    assert "kartu" in page.lower()
    assert not [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def test_the_fallback_needs_its_reason_and_the_right_date(cast: Cast) -> None:
    (stop,) = at_the_door(cast, "card", "birth_date")
    right = {"level": "birth_date", "factor": "01-01-1950"}
    assert told(stop, **right) == (400, "planned")  # why not the card?
    assert told(stop, **right | {"factor": "02-01-1950"}, reason="hilang") == (400, "planned")
    assert told(stop, **right, reason="kartu hilang") == (302, "seen")
    assert (stop.proof, stop.reason) == ("birth_date", "kartu hilang")


def test_after_five_wrong_tries_only_another_way_helps(cast: Cast) -> None:
    (stop,) = at_the_door(cast, "birth_date", "tick")
    for _ in range(5):
        assert told(stop, level="birth_date", factor="02-02-1952") == (400, "planned")
    assert told(stop, level="birth_date", factor="01-01-1950") == (400, "planned")
    assert told(stop, level="tick", reason="tidak ingat tanggal lahir") == (302, "seen")
    assert (stop.proof, stop.wrong_tries) == ("tick", 5)


def test_a_level_that_the_programme_never_named_is_no_proof_for_the_treasurer(cast: Cast) -> None:
    (stop,) = at_the_door(cast, "card", "birth_date")
    assert told(stop, level="card", factor=card_of(cast, stop)) == (302, "seen")
    parts = [f"{stop.code}-M", f"{stop.code}-S"]
    assert unproved_among(cast.region, parts) == []
    Serving.objects.update(proof="tick")  # somebody wrote into the table by hand
    assert unproved_among(cast.region, parts) == parts
    assert any(stop.code in each for each in verify([cast.region]).problems)


def kept(stop: Serving, kind: str, sequence: int, **fields: str) -> dict[str, Any]:
    """What the telephone kept a moment ago."""
    at = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    return {"kind": kind, "order": stop.code, "sequence": sequence, "at": at, "fields": fields}


def sent(stop: Serving, *events: dict[str, Any]) -> list[str]:
    """The courier has network again: what becomes of each event."""
    body = {"device": "b2f6a1d0-meals", "sent_at": datetime.now(UTC).isoformat(), "events": events}
    answer = client_of(stop.round.courier).post(
        "/medicine/device-events", json.dumps(body), content_type="application/json"
    )
    return [each["state"] for each in answer.json()["events"]]


def test_without_network_the_same_proof_is_asked_for_later(cast: Cast) -> None:
    (stop,) = at_the_door(cast, "card", "birth_date")
    bare = kept(stop, "seen", 1)
    carded = kept(stop, "seen", 2, level="card", factor=card_of(cast, stop))
    late = kept(stop, "unseen", 3, reason="pintu terkunci")
    assert sent(stop, bare) == ["refused"]
    assert sent(stop, carded, late) == ["taken", "refused"]
    assert sent(stop, carded) == ["taken"]
    stop.refresh_from_db()
    assert (stop.state, stop.proof) == ("seen", "card")
    assert settled(cast, f"{stop.code}-S") == 2_000
    foreign = {**kept(stop, "seen", 4), "order": "TIDAK-ADA"}
    assert sent(stop, foreign) == ["refused"]


def test_not_seen_without_network_pays_the_stall_alone(cast: Cast) -> None:
    (stop,) = at_the_door(cast, "tick")
    assert sent(stop, kept(stop, "unseen", 1, reason="")) == ["refused"]
    assert sent(stop, kept(stop, "unseen", 2, reason="pintu terkunci")) == ["taken"]
    assert settled(cast, f"{stop.code}-M") == 12_000
    assert settled(cast, f"{stop.code}-S") == 0
