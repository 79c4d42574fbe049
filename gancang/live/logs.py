"""Logs as JSON lines on stderr: when, what, which request; no path, no query, nothing of a case."""

from __future__ import annotations

import logging
import logging.config
import traceback
from typing import TYPE_CHECKING

from pythonjsonlogger.json import JsonFormatter

from gancang.web.middleware import REQUEST_ID

if TYPE_CHECKING:
    from types import TracebackType

    ExcInfo = (
        tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    )

# django.request tells paths at WARNING, which hold codes of orders; axes tells who mistyped.
LEVELS = {"": "WARNING", "gancang": "INFO", "django": "ERROR", "axes": "CRITICAL"}
# What these put into `extra` holds requests and the arguments of jobs.
INDISCREET = ("request", "job", "exception", "worker", "status_code")


class Lines(JsonFormatter):
    """One JSON object a line."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            timestamp="at",
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "trace"},
            json_ensure_ascii=False,
        )

    def formatException(self, ei: ExcInfo) -> str:
        """What broke and where. Not its message, in which a database shows the row at fault."""
        parts = []
        error = ei[1]
        while error is not None:
            places = [f"{at.name} {at.filename}:{at.lineno}" for at in frames_of(error)]
            parts.append(" < ".join([type(error).__qualname__, *reversed(places)]))
            error = error.__cause__ or error.__context__
        return " | because of ".join(parts)


def frames_of(error: BaseException) -> traceback.StackSummary:
    """The way from the outermost caller to where it broke."""
    return traceback.extract_tb(error.__traceback__)


class Discreet(logging.Filter):
    """Adds the request's id; takes out what libraries tell of paths and values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, tamed."""
        if not hasattr(record, "request_id"):
            record.request_id = REQUEST_ID.get()
        if not record.name.startswith("gancang"):
            record.msg, record.args = _harmless(record), None
            for name in INDISCREET:
                record.__dict__.pop(name, None)
        return True


def _harmless(record: logging.LogRecord) -> str:
    if record.name.startswith("procrastinate"):
        return str(getattr(record, "action", "procrastinate"))
    if record.name.startswith("django"):  # "%s: %s" of a reason and a path, or a whole sentence
        parts = record.args if isinstance(record.args, tuple) and record.args else [record.msg]
        return str(parts[0]).split(":", maxsplit=1)[0]
    return record.getMessage()


def set_up() -> None:
    """All logs of this process, through one handler."""
    logging.captureWarnings(capture=True)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"discreet": {"()": Discreet}},
            "formatters": {"lines": {"()": Lines}},
            "handlers": {
                "lines": {
                    "class": "logging.StreamHandler",
                    "formatter": "lines",
                    "filters": ["discreet"],
                }
            },
            "root": {"handlers": ["lines"]},
            "loggers": {name: {"level": level} for name, level in LEVELS.items()},
        }
    )
