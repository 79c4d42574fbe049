"""Whatever a partner's system sends, the answer is never our own breakdown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from gancang.accounts.actions import make_token
from gancang.orders.models import Order

if TYPE_CHECKING:
    from tests.cast import Cast

BOUNDED = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def token(cast: Cast) -> str:
    """A hospital's token."""
    made = make_token("S", organisation=cast.hospital, by=cast.admin, now=datetime.now(UTC))
    return made[1]


@pytest.fixture
def api(cast: Cast) -> Any:
    """The API by its own description."""
    del cast
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.django_db(transaction=True)  # a real WSGI request closes what it worked with
def test_no_request_that_the_description_suggests_breaks_us(api: Any, token: str) -> None:
    for result in api.get_all_operations():
        operation = result.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @given(case=operation.as_strategy(generation_mode=mode))
            @BOUNDED
            def asks(case: Any) -> None:
                headers = {"Authorization": f"Bearer {token}"}
                case.call_and_validate(headers=headers, checks=[not_a_server_error])

            asks()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = [
    "number", "full_name", "nik", "birth_date", "phone", "village", "address", "landmark",
    "lat", "lon", "clinic", "prescriber", "items", "pbi", "pbi_as_of",
    "village_letter", "village_letter_as_of", "desil", "desil_as_of",
    "local_list", "local_list_as_of", "judged_in_need", "judged_by",
    "accepts_rp",
]  # fmt: skip


@given(content=JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)))
@BOUNDED
def test_no_json_breaks_us(token: str, content: object) -> None:
    response = Client().post(
        "/api/v1/prescriptions",
        json.dumps(content),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "key-00000001"},
    )
    assert response.status_code == 422, response.content
    assert not Order.objects.exists()
