"""What is open at the end of a shift, by kind. Pure."""

from __future__ import annotations

from datetime import timedelta

from gancang.values import N_

STOPPED, BACK, LATE, RISK = "stopped", "back", "late", "risk"
INCIDENT, SILENT, MESSAGE = "incident", "silent", "message"
KINDS = {
    INCIDENT: N_("Incidents that are open"),
    BACK: N_("Bags that should be back by now"),
    LATE: N_("Late"),
    RISK: N_("At risk"),
    STOPPED: N_("Stopped"),
    SILENT: N_("Riders without signal"),
    MESSAGE: N_("Messages that nobody has answered"),
}
ORDERS = (BACK, LATE, RISK, STOPPED)
SILENT_AFTER = timedelta(minutes=15)
LISTED_MAX = 100  # of each kind; how many there were is told besides
