"""A filled database for measurements: a region and as many orders as wanted, made by SQL."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gancang import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

PACK = Path(__file__).parent.parent / "region_packs" / "contoh"


@contextmanager
def database() -> Iterator[Path]:
    """A fresh embedded PostgreSQL with all tables, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="gancang-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["GANCANG_VAR"] = f"{folder}/var"
        os.environ.setdefault("GANCANG_KEYS", keys.fresh())
        os.environ.pop("DATABASE_URL", None)
        from gancang.started import with_django  # noqa: PLC0415 - reads the environment made above

        with with_django(migrate=True):
            from django.conf import settings  # noqa: PLC0415
            from django.test.utils import setup_test_environment  # noqa: PLC0415

            setup_test_environment()
            settings.STORAGES["staticfiles"]["BACKEND"] = (
                "django.contrib.staticfiles.storage.StaticFilesStorage"
            )
            yield Path(folder)


# Orders spread over all states as a year leaves them: nearly all delivered, some open.
ORDERS = """
INSERT INTO orders_order (region_id, code, programme_id, resident_id, origin_id, village_id,
    lat, lon, point_is_village, item_class, state, version, placed_at, changed_at, promise_at,
    eligibility_clause, price_rp, patient_pays_rp, distance_m, bag_code, bags, door_code,
    wrong_tries, attempts)
SELECT %(region)s, 'BENCH-' || n, %(programme)s, %(resident)s, %(origin)s, %(village)s,
    -2.5, 120.5, true, 'medicine',
    CASE WHEN n %% 1000 < 10 THEN (ARRAY['placed','released','assigned','collected'])[1 + n %% 4]
         ELSE 'delivered' END,
    1, now() - n * interval '10 minutes', now(), now() + interval '1 hour',
    'pbi-active', 9000, 0, 5000, '', 1, '', 0, 0
FROM generate_series(%(first)s, %(last)s) AS n
"""
PAPERS = """
INSERT INTO medicine_prescription
    (order_id, origin_id, number, clinic, prescriber, items, door, entered_by, received_at)
SELECT id, origin_id, code, 'Saraf', 'dr. Ayu', '', 'csv', 'bench', placed_at
FROM orders_order o WHERE NOT EXISTS
    (SELECT 1 FROM medicine_prescription p WHERE p.order_id = o.id)
"""
