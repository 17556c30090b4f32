import json
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import NotFoundError
from labctl.cli.commands.leaderboard import leaderboard
from labctl.model.surroundings import NOTHING_AROUND, Surroundings
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import archive
from labctl.play import incidents, played
from labctl.play.starting import Others
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import World

Said = pytest.CaptureFixture[str]
IMPACT = frozenset({Impact.CHECKOUT_ERRORS})


def solve(world: World, *, hidden: bool = True, around: Surroundings = NOTHING_AROUND, fog: str | None = None) -> None:
    incidents.start(world.lab, world.fault(), others=Others(lambda *_given: around), hidden=hidden, fog=fog)
    world.clock.sleep(20)
    world.lab.store.journal.looked_up("metrics", query="queue")
    world.clock.sleep(100)
    incidents.submit(world.lab, Answer(NEAR, IMPACT), ())
    incidents.submit(world.lab, Answer(CAUSE, IMPACT), ())


def board(capsys: Said, track: str = "", drill: str = "") -> dict[str, Any]:
    leaderboard(track, drill, as_json=True)
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_nothing_played(world: World, capsys: Said) -> None:
    leaderboard()
    assert "no hidden incident has been played to its end" in capsys.readouterr().err


def test_a_solved_one_in_the_lab_and_in_its_archive(world: World, capsys: Said) -> None:
    solve(world)
    present = board(capsys)
    (row,) = present["rows"]
    # Root cause 70 and half of the impact, 7.5, less 10 for the wrong answer; difficulty 2 is worth a quarter more.
    assert (row["score"], row["points"], row["status"]) == (67.5, 84.4, "solved")
    assert row["clock_s"] == pytest.approx(120 + 300, abs=2)
    spent = present["time_spent"]
    assert spent["before the first look-up"] == pytest.approx(20, abs=1)
    assert spent["metrics"] == pytest.approx(100, abs=1)
    assert spent["penalties"] == 300
    assert sum(spent.values()) == pytest.approx(row["clock_s"], abs=0.5)
    assert isinstance(archive.keep(world.lab), Path)
    assert board(capsys) == present


def test_people_read_bests_and_where_the_time_went(world: World, capsys: Said) -> None:
    solve(world)
    leaderboard()
    said = capsys.readouterr().out
    for text in ("84.4 points in all", "Personal bests", "pools", "Where the time went", "before the first look-up"):
        assert text in said
    assert "example-fault" not in said


def test_what_was_named_or_told_before_is_practice(world: World, capsys: Said) -> None:
    solve(world, hidden=False)
    document = board(capsys)
    assert (document["rows"], document["practice"]) == ([], 1)


def test_what_was_given_up_comes_after_what_was_solved(world: World, capsys: Said) -> None:
    incidents.start(world.lab, world.fault(), hidden=True)
    incidents.give_up(world.lab)
    (row,) = board(capsys)["rows"]
    assert (row["status"], row["points"]) == ("given-up", 0)
    assert board(capsys)["bests"] == []


def test_a_track(world: World, capsys: Said) -> None:
    solve(world)
    assert len(board(capsys, "pools")["rows"]) == 1
    assert board(capsys, "code")["rows"] == []
    with pytest.raises(NotFoundError, match="no track named"):
        board(capsys, "nonsense")


def test_one_whose_fault_is_gone_is_said_and_left_out(
    world: World, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(world)
    (seen,) = played.incidents(world.lab.store.database.path)
    document = world.lab.store.documents.get("incident", seen.id) or {}
    world.lab.store.documents.put("incident", seen.id, {**document, "fault": "gone-fault"})
    leaderboard()
    assert "an incident is left out" in capsys.readouterr().err


def test_fog_and_changes_nearby_are_worth_points(world: World, capsys: Said) -> None:
    solve(world, around=Surroundings(near=2), fog="dense")
    (row,) = board(capsys)["rows"]
    # Difficulty 2, one more for the fog, half of one for the changes: 1 + 0.25 x 2.5 times the score.
    assert (row["difficulty"], row["raised"], row["fog"], row["points"]) == (2, 3.5, "dense", 109.7)
    leaderboard()
    assert "2, raised to 3.5" in capsys.readouterr().out


def test_the_incidents_of_a_drill(world: World, capsys: Said) -> None:
    solve(world, around=Surroundings(drill="monday"))
    (row,) = board(capsys, drill="monday")["rows"]
    assert row["drill"] == "monday"
    assert board(capsys, drill="first-hour")["rows"] == []
    with pytest.raises(NotFoundError, match="no drill named"):
        board(capsys, drill="tuesday")


def test_how_long_hidden_incidents_took_to_their_page(world: World, capsys: Said) -> None:
    solve(world, around=Surroundings(began=world.clock.now - 2))
    document = board(capsys)["to_page"]
    (seen,) = played.incidents(world.lab.store.database.path)
    assert document == {"incidents": 1, "median_s": seen.break_s, "p95_s": seen.break_s, "slow_burners": 0}
    leaderboard()
    assert "from break to page: median" in capsys.readouterr().err
