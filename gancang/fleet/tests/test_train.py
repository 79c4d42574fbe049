"""The operator notes trainings; those who ran out are told in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gancang.audit.models import Event
from gancang.fleet import actions
from gancang.fleet.models import Rider, Training
from gancang.fleet.queries import list_classes
from gancang.regions.queries import today_in
from tests.cast import Cast, client_of


def today(cast: Cast) -> date:
    return today_in(cast.region, timezone.now())


def training(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What the operator types."""
    return {
        "item_class": list_classes(cast.region)[0],
        "trained_on": today(cast).isoformat(),
        "expires_on": (today(cast) + timedelta(days=365)).isoformat(),
    } | changed


def test_the_operator_notes_a_training(cast: Cast, toni: Rider) -> None:
    answer = client_of(cast.operator).post(f"/fleet/riders/{toni.pk}/trainings", training(cast))
    assert answer.status_code == 302
    assert Training.objects.get().rider == toni
    event = Event.objects.get(kind="rider.trained")
    assert (event.actor, event.subject) == (cast.operator.username, cast.rider.username)


@pytest.mark.parametrize(
    ("trained_in", "expires_in", "says"),
    [
        (0, 0, "periksa kedua tanggal"),
        (0, -1, "periksa kedua tanggal"),
        (1, 365, "belum berlangsung"),
    ],
)
def test_impossible_days_are_refused_and_the_typed_text_stays(
    cast: Cast, toni: Rider, trained_in: int, expires_in: int, says: str
) -> None:
    typed = training(
        cast,
        trained_on=(today(cast) + timedelta(days=trained_in)).isoformat(),
        expires_on=(today(cast) + timedelta(days=expires_in)).isoformat(),
    )
    answer = client_of(cast.operator).post(f"/fleet/riders/{toni.pk}/trainings", typed)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert typed["expires_on"] in answer.content.decode()
    assert not Training.objects.exists()
    assert not Event.objects.filter(kind="rider.trained").exists()


def test_the_same_training_is_noted_once(cast: Cast, toni: Rider) -> None:
    client = client_of(cast.operator)
    client.post(f"/fleet/riders/{toni.pk}/trainings", training(cast))
    answer = client.post(f"/fleet/riders/{toni.pk}/trainings", training(cast))
    assert answer.status_code == 400
    assert "sudah ada di daftar" in answer.content.decode()
    assert Training.objects.count() == Event.objects.filter(kind="rider.trained").count() == 1


@pytest.mark.parametrize("rubbish", ["poison", "", "medicine\0"])
def test_a_class_that_no_programme_wants_is_refused(cast: Cast, toni: Rider, rubbish: str) -> None:
    typed = training(cast, item_class=rubbish)
    answer = client_of(cast.operator).post(f"/fleet/riders/{toni.pk}/trainings", typed)
    assert answer.status_code == 400
    assert not Training.objects.exists()


@pytest.mark.parametrize(
    ("days_left", "says"),
    [(200, "berlaku"), (30, "segera habis"), (-1, "Masa berlaku pelatihan sudah habis.")],
)
def test_the_page_warns_thirty_days_before(
    cast: Cast, toni: Rider, days_left: int, says: str
) -> None:
    actions.train(
        toni,
        item_class=list_classes(cast.region)[0],
        trained_on=today(cast) - timedelta(days=400),
        expires_on=today(cast) + timedelta(days=days_left),
        by="tests",
        now=timezone.now(),
    )
    page = client_of(cast.operator).get(f"/fleet/riders/{toni.pk}").content.decode()
    assert says in page
    assert ("Perbarui sebelum itu" in page) == (days_left == 30)


def test_an_untrained_rider_is_said_to_get_nothing(cast: Cast, toni: Rider) -> None:
    page = client_of(cast.operator).get(f"/fleet/riders/{toni.pk}").content.decode()
    assert "Belum pernah dilatih untuk ini." in page


def test_a_phone_is_not_readable_in_the_database(toni: Rider) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM fleet_rider WHERE id = %s", [toni.pk])
        assert "81234567890" not in cursor.fetchone()[0]
    assert Rider.objects.get().phone == "+6281234567890"
