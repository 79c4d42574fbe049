"""Days that pass while a demonstration runs: what a process takes for today moves, nothing else."""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
import time
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SOURCE = Path(__file__).with_name("clock.c")
BEGINS = hour(9, 0)


class Clock:
    """The calendar of the processes that are started with its `environment`."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        """Build it. RuntimeError where there is no compiler of C."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise RuntimeError("a compiler of C is missing: apt-get install gcc")
        library, file = folder / "clock.so", folder / "clock"
        told: list[str | Path] = [
            compiler,
            "-shared",
            "-fPIC",
            "-O1",
            "-o",
            library,
            SOURCE,
            "-ldl",
        ]
        subprocess.run(told, check=True)
        file.write_bytes(bytes(8))
        for each in (library, file):
            each.chmod(0o644)
        with file.open("r+b") as opened:
            self._moved = mmap.mmap(opened.fileno(), 8)
        self._zone = zone
        self.today = date.min
        self.environment = {"LD_PRELOAD": str(library), "GANCANG_STORY_CLOCK": str(file)}

    def set(self, day: date) -> None:
        """It is the morning of that day now."""
        wanted = datetime.combine(day, BEGINS, self._zone).timestamp()
        self._moved[:] = struct.pack("q", round(wanted - time.time()))
        self.today = day

    def next_day(self) -> None:
        """It is the morning after."""
        self.set(self.today + timedelta(days=1))
