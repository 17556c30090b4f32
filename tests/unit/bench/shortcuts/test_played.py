from dataclasses import replace
from pathlib import Path

from bench.shortcuts.plan import Planned
from bench.shortcuts.played import LINES, Log, Played, Told
from tests.support.shortcuts_seen import seen

FIRST = Played(Planned("hazy", "a", 1, 7), "CheckoutsSlow", {"baro": Told("risk", right=True)}, {"look": 3.0})
NEVER = Played(Planned("hazy", "b", 1, 8), why="no page came")


def test_what_was_added_is_read_again(tmp_path: Path) -> None:
    log = Log(tmp_path / "new")
    assert log.read() == []
    for each in (FIRST, NEVER):
        log.add(each)
    assert log.read() == [FIRST, NEVER]
    assert [each.paged for each in log.read()] == [True, False]


def test_a_line_that_was_cut_short_is_left_out_and_written_over(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.add(FIRST)
    with (tmp_path / LINES).open("a") as file:
        file.write('{"fog": "ha')
    assert log.read() == [FIRST]
    log.add(NEVER)
    assert log.read() == [FIRST, NEVER]


def test_those_of_a_plan_come_in_its_order(tmp_path: Path) -> None:
    log = Log(tmp_path)
    for each in (FIRST, NEVER):
        log.add(each)
    later = replace(FIRST.planned, draw=2, seed=9)
    assert log.of([NEVER.planned, FIRST.planned, later]) == [NEVER, FIRST]


def test_what_players_saw_is_kept_under_a_name_without_the_fault(tmp_path: Path) -> None:
    path = Log(tmp_path).snapshot(FIRST.planned)
    assert path.name == "hazy-7.json.gz"
    seen().keep(path)
    assert type(seen()).read(path).curves == seen().curves
    assert type(seen()).read(path).broken == seen().broken
