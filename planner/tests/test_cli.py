"""The command: what it prints, what it refuses, and that it keeps its time."""

from __future__ import annotations

import json
import os
import signal
from threading import Timer
from time import perf_counter

import pytest
from gancang_planner.cli import main

LILIM = """2\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t6\t0\t50\t2\t0\t3
2\t0\t4\t5\t0\t60\t2\t0\t4
3\t3\t0\t-6\t10\t70\t2\t1\t0
4\t6\t8\t-5\t0\t80\t2\t2\t0
"""
VROOM = {
    "vehicles": [{"id": 1, "start_index": 0}],
    "jobs": [{"id": 7, "location_index": 1, "name": "Bu Sari"}],
    "matrices": {"car": {"durations": [[0, 60], [60, 0]]}},
}


@pytest.fixture
def instance(tmp_path):
    file = tmp_path / "tiny.txt"
    file.write_text(LILIM, "utf-8")
    return file


@pytest.fixture
def at_a_terminal():
    """Ctrl-C is heard: a shell starts what runs in its background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def solved(capsys, file, *more, kind="lilim"):
    assert main(["solve", str(file), "--format", kind, "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_one_json_document_with_the_promised_keys(capsys, instance):
    told = solved(capsys, instance, "--seconds", "0.05", "--seed", "3")
    keys = ["routes", "vehicles", "distance", "unserved", "iterations", "seconds"]
    assert list(told) == keys
    assert told["vehicles"] == 1
    assert told["iterations"] > 0


def test_the_same_seed_and_iterations_give_the_same_answer(capsys, instance):
    first, again = (solved(capsys, instance, "--iterations", "40", "--seed", "5") for _ in range(2))
    assert first["routes"] == again["routes"]
    assert first["iterations"] == again["iterations"] == 40


def test_an_earlier_answer_is_a_start(capsys, instance, tmp_path):
    first = solved(capsys, instance, "--iterations", "40")
    (tmp_path / "first.json").write_text(json.dumps(first), "utf-8")
    warm = ("--iterations", "0", "--warm", str(tmp_path / "first.json"))
    assert solved(capsys, instance, *warm)["routes"] == first["routes"]


def test_a_table_for_people(capsys, instance):
    assert main(["solve", str(instance), "--format", "lilim", "--iterations", "40"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["vehicle", "stops", "visits"]
    assert "1 vehicles, distance" in lines[-1]


def test_a_picture_on_the_side(capsys, instance, tmp_path):
    solved(capsys, instance, "--iterations", "5", "--svg", str(tmp_path / "plan.svg"))
    assert (tmp_path / "plan.svg").read_text("utf-8").startswith("<svg")


def test_a_file_of_vroom_is_answered_in_its_terms_and_notes_go_to_stderr(capsys, tmp_path):
    file = tmp_path / "day.json"
    file.write_text(json.dumps(VROOM), "utf-8")
    assert main(["solve", str(file), "--format", "vroom", "--iterations", "5", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["summary"]["cost"] == 60
    assert said.err == (
        "gancang-planner: note: these keys are not of VROOM's format and are ignored: jobs.name\n"
    )


def refused(capsys, *arguments):
    assert main(list(arguments)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_each_refusal_is_one_line(capsys, instance, tmp_path):
    lilim = ("--format", "lilim")
    assert "No such file" in refused(capsys, "solve", str(tmp_path / "gone"), *lilim)
    assert "directory" in refused(capsys, "solve", str(tmp_path), *lilim)
    assert "not JSON" in refused(capsys, "solve", str(instance), "--format", "vroom")
    (tmp_path / "x.bin").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in refused(capsys, "solve", str(tmp_path / "x.bin"), *lilim)
    warm = ("--warm", str(instance))
    assert "not JSON" in refused(capsys, "solve", str(instance), *lilim, *warm)
    (tmp_path / "day.json").write_text(json.dumps(VROOM), "utf-8")
    drawn = ("--format", "vroom", "--iterations", "1", "--svg", str(tmp_path / "a.svg"))
    assert "does not say where" in refused(capsys, "solve", str(tmp_path / "day.json"), *drawn)
    out = ("--iterations", "1", "--svg", str(tmp_path / "gone" / "a.svg"))
    assert "No such file" in refused(capsys, "solve", str(instance), *lilim, *out)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["solve"],
        ["solve", "x", "--format", "what"],
        ["solve", "x", "--format", "lilim", "--seconds", "-1"],
        ["solve", "x", "--format", "lilim", "--seconds", "nan"],
        ["solve", "x", "--format", "lilim", "--seed", "x"],
        ["solve", "x", "--format", "lilim", "--iterations", "-5"],
        ["match", "--jobs", "0"],
        ["match", "--k", "many"],
    ],
)
def test_wrong_usage_is_told_apart(capsys, arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: gancang-planner" in capsys.readouterr().err


def test_a_generated_matching(capsys):
    asked = ["match", "--jobs", "60", "--riders", "40", "--k", "5", "--seed", "2"]
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["pairs", "cost", "seconds_candidates", "seconds_assign"]
    assert found["pairs"] == 40
    assert main(asked) == 0
    assert "pairs" in capsys.readouterr().out


def test_the_answer_comes_within_its_seconds(capsys, instance):
    began = perf_counter()
    told = solved(capsys, instance, "--seconds", "0.3")
    assert 0.2 <= told["seconds"] <= perf_counter() - began < 30  # a busy machine is no failure


@pytest.mark.usefixtures("at_a_terminal")
def test_ctrl_c_ends_the_thinking_with_the_best_plan_so_far(capsys, instance):
    began = perf_counter()
    press = Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    press.start()
    told = solved(capsys, instance, "--seconds", "60")
    press.join()
    assert perf_counter() - began < 10
    assert (told["vehicles"], told["unserved"]) == (1, [])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("at_a_terminal")
def test_ctrl_c_before_there_is_a_plan_is_no_traceback(capsys, monkeypatch, instance):
    monkeypatch.setattr("pathlib.Path.read_text", lambda *_: signal.raise_signal(signal.SIGINT))
    assert main(["solve", str(instance), "--format", "lilim"]) == 130
    assert capsys.readouterr().err == "gancang-planner: stopped\n"
