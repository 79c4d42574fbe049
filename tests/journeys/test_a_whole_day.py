"""A small day of a hospital over HTTP, everybody at once; `make bench` plays the large one."""

from benchmarks.hospital_day import play


def test_no_step_is_lost_or_doubled_while_all_work_at_once() -> None:
    told = play(prescriptions=16, riders=4)
    assert told["delivered"] + told["returned"] == 16


def test_a_server_that_is_killed_in_the_middle_of_the_day_loses_and_doubles_nothing() -> None:
    told = play(prescriptions=12, riders=3, killed=True)
    assert told["delivered"] + told["returned"] == 12
