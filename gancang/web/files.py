"""Answers that are files."""

from __future__ import annotations

from django.http import HttpResponse


def as_file(data: bytes, name: str, kind: str, *, shown: bool = False) -> HttpResponse:
    """A file of this name to keep, or to be shown by a browser that can; kept by nobody between."""
    how = "inline" if shown else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=kind, headers=headers)
