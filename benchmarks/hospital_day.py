"""A hospital's day through the real doors: HTTP and nothing else, by people who act at once.

`python -m benchmarks hospital_day`: two clerks, three pharmacists and fifteen riders on one
`gancang serve`. Each tenth hand-over is sent twice at the same moment, each ninth visit fails and
its bag comes back, each twelfth rider types a wrong date first. At the end every step of every
order must have happened exactly as often as it should, and `gancang verify` must find nothing.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.hired import PASSWORD
from benchmarks.visitors import Visitor, forms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
GANCANG = Path(sys.executable).parent / "gancang"
BORN = "09-03-1951"


@dataclass(slots=True)
class Day:
    """What the people of a day share: how much there is to do, and what was done."""

    url: str
    prescriptions: int
    chance: random.Random = field(default_factory=lambda: random.Random(20261124))
    lock: threading.Lock = field(default_factory=threading.Lock)
    done: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)
    tried: set[str] = field(default_factory=set)
    visitors: list[Visitor] = field(default_factory=list)
    way: httpx.BaseTransport | None = None  # to the server; None: over the network

    def count(self, what: str) -> None:
        """One more of something; the day is over when every order has come to its end."""
        with self.lock:
            self.done[what] += 1
            if self.done["delivered"] + self.done["returned"] >= self.prescriptions:
                self.ended.set()

    def first_time(self, what: str) -> bool:
        """Whether this is tried for the first time today."""
        with self.lock:
            new = what not in self.tried
            self.tried.add(what)
            return new


def run() -> Iterator[dict[str, Any]]:
    """200 prescriptions and 15 riders."""
    yield play(prescriptions=200, riders=15)


def play(*, prescriptions: int, riders: int) -> dict[str, Any]:
    """Play a day whole. AssertionError names what was lost or doubled."""
    with (
        tempfile.TemporaryDirectory(prefix="gancang-day-") as name,
        _serving(name, riders) as (url, pid),
    ):
        day = Day(url, prescriptions)
        began = time.perf_counter()
        _act(day, riders)
        seconds = time.perf_counter() - began
        _judge(day, Path(name))
        server_mib = _peak_mib(pid)
        before = _spent_by_children()
    # The server, its PostgreSQL and its planner have ended only now.
    cpu_ms = 1000 * (_spent_by_children() - before) / day.done["requests"]
    asked = day.done["requests"]
    return {
        "what": "a hospital's day over HTTP",
        "told": f"{prescriptions} prescriptions, {riders} riders: {seconds:.0f} s, "
        f"{asked / seconds:.0f} requests/s, {cpu_ms:.1f} ms of CPU each with all that runs "
        f"beside, peak {server_mib} MiB, "
        f"{day.done['delivered']} delivered, "
        f"{day.done['returned']} back at the pharmacy, none lost, none doubled",
        "seconds": round(seconds, 1),
        "requests": asked,
        "cpu_ms_a_request": round(cpu_ms, 1),
        "server_mib": server_mib,
        **{what: day.done[what] for what in ("delivered", "returned", "doubled", "wrong")},
    }


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak_mib(pid: int) -> int:
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


@contextmanager
def _serving(folder: str, riders: int) -> Iterator[tuple[str, int]]:
    Path(folder).chmod(0o755)  # as root, PostgreSQL runs as somebody else, who has to get in
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = [sys.executable, "-m", "benchmarks.hired", str(riders)]
    subprocess.run(asked, env=_environment(folder), cwd=ROOT, check=True)
    with (Path(folder) / "log").open("w") as log:
        process = subprocess.Popen(
            [GANCANG, "serve", "--port", str(port)],
            env=_environment(folder),
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://127.0.0.1:{port}", process, Path(log.name))
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _environment(folder: str) -> dict[str, str]:
    ours = ("DATABASE_URL", "GANCANG_VAR", "GANCANG_KEYS", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "GANCANG_VAR": f"{folder}/var", "PYTHONPATH": str(ROOT)}


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def _act(day: Day, riders: int) -> None:
    share = day.prescriptions // 2
    with ThreadPoolExecutor(riders + 5) as pool:
        acting = [
            pool.submit(clerk_types, day, "clerk-0", range(share)),
            pool.submit(clerk_types, day, "clerk-1", range(share, day.prescriptions)),
            *(pool.submit(_pharmacist, day, f"pharmacist-{n}") for n in range(3)),
            *(pool.submit(_rider, day, f"rider-{n}") for n in range(riders)),
        ]
        for each in acting:
            each.add_done_callback(lambda done: _end_if_broken(day, done))
        try:
            for each in acting:
                each.result()
        finally:
            day.ended.set()
    for visitor in day.visitors:
        visitor.http.close()


def _end_if_broken(day: Day, done: Future[None]) -> None:
    if done.exception():
        day.ended.set()


def log_in(day: Day, who: str) -> Visitor:
    """Somebody sits down and logs in."""
    visitor = Visitor(day.url, who, PASSWORD, day.way)
    day.visitors.append(visitor)
    visitor.http.event_hooks["response"] = [lambda _answer: day.count("requests")]
    return visitor


def clerk_types(day: Day, who: str, numbers: range) -> None:
    """A clerk types prescriptions in, one after the other."""
    clerk = log_in(day, who)
    villages = re.findall(r'<option value="([^"]+, [^"]+)">', clerk.page("/medicine/new"))
    for number in numbers:
        typed = {
            "number": f"HARI-{number:04d}",
            "full_name": f"Pasien Ke-{number}",
            "birth_date": BORN,
            "phone": f"0812 3456 {number:04d}",
            "village": unescape(villages[number % len(villages)]),
            "address": "Dusun Krajan RT 02/RW 01",
            "clinic": ("Saraf", "Jantung")[number % 2],
            "prescriber": "dr. Ayu",
            "items": "Amlodipin 5 mg, 1x1",
            "pbi": "ya",
            "confirmed": "ya",
        }
        form = clerk.form("/medicine/new", lambda form: "village" in form.values)
        answer = clerk.http.post(form.action, data=form.filled(typed))
        assert answer.status_code == 302, re.findall(r"field-error.{0,300}", answer.text)
        day.count("placed")


def _pharmacist(day: Day, who: str) -> None:
    pharmacist = log_in(day, who)
    while not day.ended.wait(0.2):
        for path in links(pharmacist.page("/medicine/queue"), "/medicine/orders/"):
            if day.ended.is_set():
                return
            at_the_desk(day, pharmacist, path)


def links(text: str, begin: str) -> list[str]:
    """Where a page leads, of the addresses that begin so."""
    parts = text.split(f'href="{begin}')[1:]
    return list(dict.fromkeys(begin + part.partition('"')[0] for part in parts))


def at_the_desk(day: Day, pharmacist: Visitor, path: str) -> None:
    """Release it, or end it where its bag came back. Three do this: who is slower is told so."""
    answer = pharmacist.http.get(path)
    for form in forms_of(answer.text):
        if form.action.endswith("/review"):
            told = {"points": form.choices.get("points", []), "then": "prepare"}
            pharmacist.http.post(form.action, data=form.filled(told))
            return  # the final check is a colleague's
        if form.action.endswith("/release") and path not in day.tried:
            told = {"topics": form.choices.get("topics", []), "checked": "on", "bags": "1"}
            if pharmacist.http.post(form.action, data=form.filled(told)).status_code == 302:
                day.first_time(path)
                day.count("released")
            return
        if form.action.endswith("/take-back"):
            if pharmacist.http.post(form.action, data=form.filled({})).status_code == 302:
                day.count("returned")
            return


def _rider(day: Day, who: str) -> None:
    rider = log_in(day, who)
    while not day.ended.wait(0.5):
        look(day, rider)


def look(day: Day, rider: Visitor) -> None:
    """A rider looks once at his page, and does what it asks of him."""
    text = rider.page("/dispatch/rider")
    for form in forms_of(text):
        if "/offers/" in form.action:
            rider.http.post(form.action, data=form.filled({"answer": "yes"}))
    for path in links(rider.page("/dispatch/rider"), "/dispatch/rider/orders/"):
        _at_a_stop(day, rider, path)


def _at_a_stop(day: Day, rider: Visitor, path: str) -> None:
    answer = rider.http.get(path)
    code = path.rpartition("/")[2]
    fetch = next((f for f in forms_of(answer.text) if "bag_code" in f.values), None)
    if fetch is not None:
        rider.http.post(path, data=fetch.filled({"bag_code": code.lower()}))
        answer = rider.http.get(path)
    if f"/medicine/orders/{code}/hand-over" not in answer.text:
        return
    if day.chance.random() < 1 / 9:
        told = {"reason": "nobody_home", "incident": "", "counter": "", "note": "pagar terkunci"}
        sent = rider.send(f"{path}/fail", told)
        assert sent.status_code == 302, sent.text
        return
    _hand_over(day, rider, f"/medicine/orders/{code}/hand-over")


def _hand_over(day: Day, rider: Visitor, path: str) -> None:
    form = rider.form(path, lambda form: "factor" in form.values)
    code = path.split("/")[-2]  # the counter gives the bag the order's own code
    told = {"bag_codes": code, "receiver": "Pasien", "relation": "patient", "factor": BORN}
    if day.chance.random() < 1 / 12:
        wrong = rider.http.post(path, data=form.filled({**told, "factor": "01-01-1900"}))
        assert wrong.status_code == 400, wrong.status_code
        day.count("wrong")
    if day.chance.random() < 1 / 10:
        with ThreadPoolExecutor(2) as both:
            sent = [both.submit(rider.http.post, path, data=form.filled(told)) for _ in "12"]
            answers = [each.result().status_code for each in sent]
        assert 302 in answers, answers
        day.count("doubled")
    else:
        answer = rider.http.post(path, data=form.filled(told))
        assert answer.status_code == 302, re.findall(r"field-error.{0,300}", answer.text)
    day.count("delivered")


def _judge(day: Day, folder: Path) -> None:
    """Every step of every order exactly as often as it should be, and a book that balances."""
    assert day.done["placed"] == day.prescriptions
    told = _gancang(folder, "verify", "--json")
    assert told["ok"], told["problems"]
    steps = _steps(folder)
    assert len(steps) == day.prescriptions, f"{len(steps)} orders"
    for code, times in steps.items():
        ended = {"order.delivered": times["order.delivered"], "order.returned": 0}
        if not times["order.delivered"]:
            ended = {"order.returned": 1, "order.failed": 1}
        wanted = {"order.placed": 1, "order.released": 1, "order.collected": 1, **ended}
        for kind, count in wanted.items():
            assert times[kind] == count, f"{code}: {kind} {times[kind]} times, not {count}"
        assert times["order.delivered"] <= 1, f"{code} was delivered twice"


def _gancang(folder: Path, *asked: str) -> Any:
    ran = subprocess.run(
        [GANCANG, *asked],
        env=_environment(str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


STEPS = """
import json
from collections import Counter, defaultdict
from gancang.started import with_django
with with_django():
    from gancang.audit.models import Event
    steps = defaultdict(Counter)
    steps_of_orders = Event.objects.filter(kind__startswith="order.")
    for subject, kind in steps_of_orders.values_list("subject", "kind"):
        steps[subject][kind] += 1
    print(json.dumps(steps))
"""


def _steps(folder: Path) -> dict[str, Counter[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", STEPS],
        env=_environment(str(folder)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {code: Counter(times) for code, times in json.loads(ran.stdout).items()}
