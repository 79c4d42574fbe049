"""Programmes of one region come to another: what is not there is told, with its page."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from gancang.ledger.models import Fund
from gancang.programmes.models import Draft
from gancang.programmes.tests.test_drafts import uploaded
from gancang.regions.models import Organisation, Tariff
from tests.cast import PACK, client_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

OTHER = next(path for path in sorted(PACK.parent.iterdir()) if path.is_dir() and path != PACK)


@pytest.mark.parametrize("path", sorted(OTHER.glob("programmes/*.toml")), ids=lambda p: p.stem)
def test_what_the_other_region_has_and_this_one_not_is_a_hole_with_its_page(
    cast: Cast, path: Path
) -> None:
    client, text = client_of(cast.officer), path.read_text("utf-8")
    assert uploaded(client, text).status_code in (200, 302)
    draft = Draft.objects.get()
    told = tomllib.loads(text)
    assert [row["fund"] for row in draft.told.get("funder", [])] == [
        row["fund"] for row in told.get("funder", [])
    ]
    page = client.get(f"/programmes/drafts/{draft.pk}/").content.decode()
    unknown = foreign(cast, told)
    for code in unknown:
        assert re.search(rf"\b{re.escape(code)}\b", page), code
    if unknown:
        assert f"/programmes/drafts/{draft.pk}/pages/" in page
        sent = client.post(f"/programmes/drafts/{draft.pk}/submit")
        assert sent.status_code in (302, 400)
        draft.refresh_from_db()
        assert draft.state == "draft"


def foreign(cast: Cast, told: dict[str, object]) -> set[str]:
    """What the file names and this region has not: funds, houses, the tariff."""
    region = cast.region
    funds = set(Fund.objects.filter(region=region).values_list("code", flat=True))
    houses = set(Organisation.objects.filter(region=region).values_list("code", flat=True))
    tariffs = set(Tariff.objects.filter(region=region).values_list("code", flat=True))
    rows = told.get("funder", [])
    assert isinstance(rows, list)
    named = {row["fund"] for row in rows} - funds
    for key in ("from_organisations", "carriers"):
        codes = told.get(key, [])
        assert isinstance(codes, list)
        named |= set(codes) - houses
    return named | ({str(told["tariff"])} - tariffs if "tariff" in told else set())
