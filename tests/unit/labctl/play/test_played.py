from pathlib import Path

from labctl.base import paths, progress
from labctl.base.progress import Event
from labctl.model.incident import Incident
from labctl.operate import archive, injection
from labctl.play import incidents, played
from tests.support.world import World


def start(world: World, seed: int | None = None) -> Incident:
    return incidents.start(world.lab, world.fault(), seed)


def test_the_first_time_is_no_practice(world: World) -> None:
    assert not start(world, 7).practice
    assert played.before() == played.Played(frozenset(), frozenset())


def test_what_was_told_before_is_practice_in_the_lab_and_in_its_archive(world: World) -> None:
    start(world, 7)
    incidents.give_up(world.lab)
    known = played.before()
    assert known == played.Played(frozenset({"example-fault"}), frozenset({7}))
    assert known.knows("example-fault", None)
    assert known.knows("another", 7)
    assert not known.knows("another", None)
    injection.heal(world.lab)
    assert start(world).practice
    assert isinstance(archive.keep(world.lab), Path)
    assert played.before() == known


def test_what_never_came_to_a_page_told_nothing(world: World) -> None:
    start(world)
    injection.heal(world.lab)
    assert played.before().faults == frozenset()


def test_a_spoiled_archive_is_said_and_stops_nothing(world: World) -> None:
    (paths.archive_dir() / "lab-20200101-000000.db").write_bytes(b"no database")
    heard: list[Event] = []
    with progress.listening(heard.append):
        assert not start(world).practice
    assert "is not known" in str(heard)
