"""GET /maps/files/...: map tiles, by ranges of one file. Its name holds what is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

NAME = re.compile(r"[\w.-]+/[\w-]+\.pmtiles")
FOR_EVER = "public, max-age=31536000, immutable"


class MapFiles(StaticFiles):
    """Tiles that are whole; nothing that lies beside them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The part that was asked for, to be kept for ever; 404 for all that is no map."""
        if not NAME.fullmatch(path):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOR_EVER
        return response
