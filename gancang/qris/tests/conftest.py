"""A town whose buyers pay by QRIS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gancang.qris.tests.desk import Town, a_gateway

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cast import Cast


@pytest.fixture(scope="session")
def keys_of_gateway(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Keys are made once a run."""
    return tmp_path_factory.mktemp("qris")


@pytest.fixture
def town(cast: Cast, keys_of_gateway: Any, settings: Any) -> Iterator[Town]:
    """The region has an agreement with a gateway."""
    with a_gateway(cast, keys_of_gateway, settings) as found:
        yield found
