"""`gancang serve` starts, tells how it is, ends cleanly, and comes back after anything."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest

from gancang.live.app import DJANGO_THREADS
from gancang.live.tests.conftest import GANCANG, Serving, wait_until

if TYPE_CHECKING:
    from gancang.live.tests.conftest import Installation


def test_it_says_that_it_is_well(installation: Installation) -> None:
    with installation.serving() as running:
        told = httpx.get(running.url + "/healthz").json()
        assert told["status"] == "ok"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_told_to_end_it_leaves_nothing_behind(
    installation: Installation, workers: str, number: int
) -> None:
    with installation.serving("--workers", workers) as running:
        with (
            running.browser_of("operator") as browser,
            browser.stream("GET", "/live/board") as stream,
        ):
            lines = stream.iter_lines()
            assert next(lines) == "retry: 3000"
            assert installation.servers()
            assert running.end(number) == 0
            assert list(lines) == [": open", ""]
        assert not installation.servers()


def test_killed_it_comes_back_with_the_jobs_that_were_broken_off(
    installation: Installation,
) -> None:
    with installation.serving() as running:
        running.process.kill()
        running.process.wait()
        assert installation.servers()
        with installation.database() as database:
            # A job of the killed process: it says that it runs, and keeps its lock.
            database.execute("DELETE FROM procrastinate_jobs")
            database.execute(
                "INSERT INTO procrastinate_jobs"
                " (queue_name, task_name, lock, queueing_lock, args, status)"
                " VALUES ('default', %s, %s, %s, '{\"timestamp\": 0}', 'doing')",
                ["gancang.outbox.tasks.send_letters", "send_letters", "send_letters"],
            )
            with installation.serving():
                done = "SELECT count(*) = 0 FROM procrastinate_jobs WHERE status = 'doing'"
                wait_until(lambda: database.execute(done).fetchone() == (True,))
    assert not installation.servers()


def test_of_two_one_leads_and_the_other_takes_over(installation: Installation) -> None:
    with installation.serving() as first, installation.serving() as second:
        assert "this process leads" not in second.log.read_text()
        first.process.kill()
        first.process.wait()
        wait_until(lambda: "this process leads" in second.log.read_text())
        second.wait_until_ready()


def test_processes_whose_parent_was_killed_end_and_free_the_port(
    installation: Installation,
) -> None:
    with installation.serving("--workers", "2") as running:
        running.process.kill()
        running.process.wait()
        wait_until(lambda: not answers(running))
    # Somebody must be the last to use the database.
    with installation.database():
        pass


def test_a_port_in_use_is_said_in_one_line(installation: Installation) -> None:
    with installation.serving() as running:
        second = subprocess.run(
            [GANCANG, "serve", "--port", str(running.port)],
            env=installation.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 1
        assert f"cannot listen on 127.0.0.1:{running.port}" in second.stderr
        assert "Traceback" not in second.stderr


def test_slow_senders_keep_nobody_waiting(served: Serving) -> None:
    head = b"POST /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n"
    head += b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n\r\n"
    with ExitStack() as slow:
        for _ in range(DJANGO_THREADS + 4):
            sender = socket.create_connection(("127.0.0.1", served.port))
            slow.enter_context(sender).sendall(head)
        # Somebody who waits for a slow sender waits for two minutes, not for a busy machine.
        assert httpx.get(served.url + "/masuk", timeout=60).status_code == 200


def test_a_body_beyond_all_bounds_is_refused(served: Serving) -> None:
    sent = httpx.post(served.url + "/masuk", content=b"x" * (26 * 2**20))
    assert sent.status_code == 413


def test_without_its_database_it_says_so_and_recovers(installation: Installation) -> None:
    with installation.serving() as running:
        installation.kill_servers()
        told = httpx.get(running.url + "/healthz")
        assert told.status_code == 503
        assert told.json()["reason"] == "the database does not answer"
        assert "gancang_database_up 0.0" in httpx.get(running.url + "/metrics").text
        with installation.database():  # somebody starts it again
            running.wait_until_ready()


def test_logs_and_metrics_tell_routes_and_no_codes(served: Serving) -> None:
    httpx.get(served.url + "/no-such-page/GA-7777-7777?nik=3510164903510001")
    wait_until(lambda: '"status": 404' in served.log.read_text())
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    (seen,) = [line for line in lines if line.get("status") == 404]
    assert seen["route"] == "unmatched"
    assert len(seen["request_id"]) >= 8
    counted = httpx.get(served.url + "/metrics").text
    assert 'route="unmatched",status="404"' in counted
    assert "gancang_letters_waiting" in counted
    for text in (served.log.read_text(), counted):
        assert "GA-7777" not in text
        assert "3510164903510001" not in text


def answers(running: Serving) -> bool:
    """Whether anybody answers on the port."""
    try:
        httpx.get(running.url + "/healthz")
    except httpx.TransportError:
        return False
    return True
