"""A demonstration that really runs, in the region of the stories on a day of their own."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.ready import fill

if TYPE_CHECKING:
    from tests.browser.clock import Clock

PACK = os.environ.get("GANCANG_PACK", "banyuwangi")
GANCANG = Path(sys.executable).parent / "gancang"
PACKS = Path(__file__).parents[2] / "region_packs"
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
ALL_DAYS = 'weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\nholidays = true'
EVERY_MINUTE = ", ".join(f'"{n // 60:02}:{n % 60:02}"' for n in range(23 * 60))
MIDDLE_OF_ROUNDS = 23 * 60 // 2  # minutes after midnight


WAITED_FOR_MAX = 600  # looks, five in a second


def pack_of_the_stories(into: Path, name: str = PACK) -> Path:
    """The region's pack, but nobody is closed, and the farthest round sets out every minute.

    Whoever asks a minute before goes with it: a bag has that minute to be made ready, or it has
    missed its round.

    The region lies in the zone of the country in which no story is played across midnight.
    """
    pack = into / name
    shutil.copytree(PACKS / name, pack)
    _rewrite(pack / "region.toml", timezone=f'"{zone_of_the_stories(datetime.now(UTC))}"')
    reach = pack / "reach.toml"
    parts = re.split(r"(?m)^(?=\[\[)", reach.read_text())
    far = farthest_round(parts)
    for place, part in enumerate(parts):
        if part.startswith("[[pharmacy]]"):
            parts[place] = _changed(part, opens='"00:00"', closes='"23:59"', cut_off='"23:58"')
        elif place == far:
            parts[place] = _changed(
                part, departs=f"[{EVERY_MINUTE}]", cut_off_minutes="1", minutes="60"
            )
    reach.write_text("".join(parts))
    return pack


def zone_of_the_stories(now: datetime) -> str:
    """Whose clock is nearest to 11:30: that always leaves half an hour before the last round."""

    def away(zone: str) -> int:
        there = now.astimezone(ZoneInfo(zone))
        return abs(there.hour * 60 + there.minute - MIDDLE_OF_ROUNDS)

    return min(ZONES, key=away)


def farthest_round(parts: list[str]) -> int:
    """Which part of a pack's ways tells its last round: packs tell the near ones first."""
    return max(place for place, part in enumerate(parts) if '\nkind = "round"\n' in part)


def near_village() -> str:
    """The code of a village beside the first hospital: somebody rides there at once."""
    here = first_hospital()["village"]
    return next(code for code in _villages_of(here.rpartition(".")[0]) if code != here)


def first_hospital() -> dict[str, str]:
    """Where Wati, Rini and Toni work, as the pack tells it."""
    hospitals = (row for row in rows_of("organisations.csv") if row["kind"] == "hospital")
    return min(hospitals, key=lambda row: row["name"])


def rows_of(table: str) -> list[dict[str, str]]:
    """A table of the region's pack."""
    with (PACKS / PACK / table).open(newline="") as file:
        return list(csv.DictReader(file))


def _villages_of(district: str) -> list[str]:
    lines = (PACKS / PACK / "villages.csv").read_text().splitlines()
    return [line.partition(",")[0] for line in lines if line.startswith(f"{district}.")]


def far_villages() -> list[str]:
    """The codes of the villages of the first district to which the farthest round goes."""
    parts = re.split(r"(?m)^(?=\[\[)", (PACKS / PACK / "reach.toml").read_text())
    area = re.search(r'(?m)^areas = \["([\d.]+)"', parts[farthest_round(parts)])
    assert area is not None
    return _villages_of(area[1])


def _changed(part: str, **values: str) -> str:
    part = re.sub(r"(?m)^weekdays = .*$", ALL_DAYS, part)
    for key, value in values.items():
        part, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", part)
        assert found == 1, (key, part)
    return part


def _rewrite(path: Path, **values: str) -> None:
    told = path.read_text()
    for key, value in values.items():
        told, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", told)
        assert found == 1, key
    path.write_text(told)


class Demonstration:
    """`gancang demo --still` in a folder of its own: nobody acts but the story."""

    def __init__(self, folder: Path, *, pack: str = PACK, clock: Clock | None = None) -> None:
        self.pack = pack_of_the_stories(folder, pack)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.letters = folder / "var/letters"
        ours = ("DATABASE_URL", "GANCANG_VAR", "GANCANG_KEYS", "DJANGO_SETTINGS_MODULE")
        options = ["--still", "--prescriptions", "0", "--no-browser", "--port", str(self.port)]
        options += ["--pack", str(self.pack), "--var", str(folder / "var")]
        fill(folder / "var")
        self.folder, self.log = folder, folder / "log"
        self.environment = {n: value for n, value in os.environ.items() if n not in ours}
        if clock is not None:
            self.environment |= clock.environment
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [GANCANG, "demo", *options],
                env=self.environment,
                cwd=folder,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Until it answers, or until it ended and said why."""
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz"):
                    return
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def end(self) -> None:
        """Ask it to stop, and wait until it did."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def load_map(self, extract: Path) -> None:
        """Draw the region's streets, and know its roads, while everybody works."""
        region = near_village().rsplit(".", 2)[0]
        subprocess.run(
            [GANCANG, "load-map", extract, "--region", region, "--var", self.folder / "var"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def letters_about(self, code: str) -> dict[str, str]:
        """What was written to the patient of an order so far: the text by its kind."""
        told = {}
        for path in sorted(self.letters.glob("*.json")):
            letter = json.loads(path.read_text())
            if letter["subject"] == code:
                told[path.stem.rpartition("-")[2]] = letter["body"]
        return told

    def wait_for_letter(self, code: str, *kinds: str) -> str:
        """The text of the letter of one of these kinds, as soon as it was sent."""
        for _ in range(WAITED_FOR_MAX):
            told = self.letters_about(code)
            if found := [told[kind] for kind in kinds if kind in told]:
                return found[0]
            time.sleep(0.2)
        raise AssertionError((code, kinds, sorted(self.letters_about(code))))

    def link_of(self, code: str) -> str:
        """The patient's own link, as the first letter brings it."""
        told = self.wait_for_letter(code, "order.placed", "order.placed_to_pay")
        found = re.search(r"https?://\S*/o/\S+", told)
        assert found, told
        return found[0].rstrip(".,")
