"""An empty database for measurements, thrown away at the end."""

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
