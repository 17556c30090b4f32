import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.shortcuts import playing
from bench.shortcuts.plan import Planned
from bench.shortcuts.played import Log, Played
from bench.shortcuts.players import Player, players
from bench.shortcuts.playing import Playing
from bench.shortcuts.rules import newest_change
from bench.shortcuts.snapshot import Snapshot
from labctl.base.errors import LabStateError, WaitTimeoutError
from labctl.health import baseline
from labctl.lab.lab import Lab
from labctl.model.cadence import Cadence
from labctl.model.measurement import Window
from labctl.play import incidents
from tests.support.example_fault import EXAMPLE
from tests.support.shortcuts_seen import BROKEN, CHANGES, PAGE, START, seen

DENSE = Cadence(15, 10)
PLANNED = Planned("dense", EXAMPLE.id, 1, 7)


@dataclass
class Bench:
    """A lab in which breaking, looking and healing are only written down."""

    playing: Playing
    done: list[Sequence[object]] = field(default_factory=list)
    fault: str = EXAMPLE.id
    cadence: Cadence = DENSE
    pages: bool = True

    def ask(self, *words: str) -> dict[str, Any]:
        self.done.append(words)
        if words[0] == "break" and not self.pages:
            raise WaitTimeoutError("no page came within 30 s")
        return {"page": PAGE}

    def look(self, fog: str, cadence: Cadence, healthy: Window, page: object, before: object) -> Snapshot:
        self.done.append(("look", fog, healthy, page, before))
        return seen(changes=CHANGES[:2], fog=fog)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    found = Bench(Playing("lab", [EXAMPLE], Log(tmp_path)))
    monkeypatch.setattr(Lab, "open", lambda _name: SimpleNamespace(fog_file=found))
    monkeypatch.setattr(playing, "Learner", lambda _name: found)
    looking = SimpleNamespace(database=lambda: {"SELECT 1": 2.0}, look=found.look)
    monkeypatch.setattr(playing, "Looking", lambda *_args: looking)
    monkeypatch.setattr(playing, "pause", lambda seconds: found.done.append(("pause", seconds)))
    monkeypatch.setattr(baseline, "settled", lambda _lab, **_kw: Window(START, BROKEN - 1))
    monkeypatch.setattr(incidents, "latest", lambda _lab: SimpleNamespace(fault=found.fault))
    monkeypatch.setattr(playing, "players", lambda _faults: {"newest-change": Player(newest_change)})
    monkeypatch.setattr(time, "time", lambda: BROKEN)
    return found


def test_everybody_is_judged_on_one_look_and_the_lab_is_healed(bench: Bench) -> None:
    played = bench.playing.play(PLANNED)
    assert played.told["newest-change"].right
    assert played.alert == PAGE["alert"]
    assert bench.done == [
        ("break", "--hidden", "--seed", "7", "--fog", "dense", "--limit", "30m"),
        ("pause", 25),
        ("look", "dense", Window(START, BROKEN), PAGE, {"SELECT 1": 2.0}),
        ("heal",),
    ]
    assert set(played.seconds) == {"settle", "page", "wait", "look", "answer", "heal"}


@pytest.mark.parametrize(("cadence", "wait"), [(Cadence(), 10), (Cadence(5), 10), (DENSE, 25)])
def test_players_look_when_the_figures_of_the_page_are_there(bench: Bench, cadence: Cadence, wait: float) -> None:
    bench.cadence = cadence
    bench.playing.play(PLANNED)
    assert ("pause", wait) in bench.done


def test_what_was_seen_is_kept(bench: Bench) -> None:
    bench.playing.play(PLANNED)
    kept = Snapshot.read(bench.playing.log.snapshot(PLANNED))
    assert newest_change(kept) == newest_change(seen(changes=CHANGES[:2]))


def test_an_incident_that_never_pages_is_told_and_healed(bench: Bench) -> None:
    bench.pages = False
    played = bench.playing.play(PLANNED)
    assert (played.paged, played.why) == (False, "no page came within 30 s")
    assert bench.done[-1] == ("heal",)
    assert isinstance(played, Played)


def test_a_seed_that_draws_something_else_is_an_error(bench: Bench) -> None:
    bench.fault = "another-fault"
    with pytest.raises(LabStateError, match="the seed 7 drew another-fault"):
        bench.playing.play(PLANNED)
    assert bench.done[-1] == ("heal",)


def test_the_players_of_the_issue_are_there() -> None:
    named = players([EXAMPLE])
    assert {"methodical", "baro"} < set(named)
    assert len(named) == 11
