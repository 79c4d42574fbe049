"""A hospital's day through the real doors: HTTP and nothing else, by people who act at once.

`python -m benchmarks hospital_day`: two clerks, three pharmacists and fifteen riders on one
`gancang serve`. Each tenth hand-over is sent twice at the same moment, each ninth visit fails and
its bag comes back, each twelfth rider types a wrong date first. At the end every step of every
order must have happened exactly as often as it should, and `gancang verify` must find nothing.
A second day is played with the server killed (kill -9) in the middle of it: people press again.
"""

from __future__ import annotations

import json
import random
import re
import resource
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

from benchmarks.hired import PASSWORD
from benchmarks.served import GANCANG, ROOT, Server, environment, peak_mib, serving
from benchmarks.visitors import PressesAgain, Visitor, forms_of, is_pressed_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

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

    def end(self, order: str, how: str) -> None:
        """An order has come to its end. Whoever presses again tells it a second time."""
        if self.first_time(f"{order} ended"):
            self.count(how)

    def first_time(self, what: str) -> bool:
        """Whether this is tried for the first time today."""
        with self.lock:
            new = what not in self.tried
            self.tried.add(what)
            return new


def run() -> Iterator[dict[str, Any]]:
    """200 prescriptions and 15 riders; then with the server killed in the middle."""
    yield play(prescriptions=200, riders=15)
    yield play(prescriptions=200, riders=15, killed=True)


def play(*, prescriptions: int, riders: int, killed: bool = False) -> dict[str, Any]:
    """Play a day whole. AssertionError names what was lost or doubled."""
    with (
        tempfile.TemporaryDirectory(prefix="gancang-day-") as name,
        serving(name, "benchmarks.hired", str(riders)) as server,
    ):
        day = Day(server.url, prescriptions)
        began = time.perf_counter()
        with _killing(server, day, killed=killed):
            _act(day, riders)
        seconds = time.perf_counter() - began
        _judge(day, Path(name))
        server_mib = peak_mib(server.process.pid)
        before = _spent_by_children()
    # The server, its PostgreSQL and its planner have ended only now.
    cpu_ms = 1000 * (_spent_by_children() - before) / day.done["requests"]
    asked = day.done["requests"]
    return {
        "what": "a hospital's day over HTTP" + ", the server killed in its middle" * killed,
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


@contextmanager
def _killing(server: Server, day: Day, *, killed: bool) -> Iterator[None]:
    """Kill the server once a quarter of the day's orders have ended, and start it again."""

    def kill() -> None:
        while not day.ended.wait(0.05):
            if 4 * (day.done["delivered"] + day.done["returned"]) >= day.prescriptions:
                server.process.kill()
                server.process.wait()
                server.start()
                day.count("killed")
                return

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill) if killed else None
        yield
    if killing:
        killing.result()
        assert day.done["killed"] == 1


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
    visitor = Visitor(day.url, who, PASSWORD, day.way or PressesAgain(day.ended))
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
        assert _is_done(answer), re.findall(r"field-error.{0,300}", answer.text)
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
            if _is_done(pharmacist.http.post(form.action, data=form.filled({}))):
                day.end(path.rpartition("/")[2], "returned")
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
        assert _is_done(sent), sent.text
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
            answers = [each.result() for each in sent]
        assert any(map(_is_done, answers)), answers
        day.count("doubled")
    else:
        answer = rider.http.post(path, data=form.filled(told))
        assert _is_done(answer), re.findall(r"field-error.{0,300}", answer.text)
    day.end(code, "delivered")


def _is_done(answer: httpx.Response) -> bool:
    """Done now; or refused to who pressed again, and `_judge` knows whether it was done."""
    return answer.status_code == 302 or (answer.is_client_error and is_pressed_again(answer))


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
        env=environment(str(folder)),
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
        env=environment(str(folder)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {code: Counter(times) for code, times in json.loads(ran.stdout).items()}
