from pathlib import Path

import pytest

from labctl.base.errors import LabStateError, NotFoundError
from labctl.model.incident import Status
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import archive
from labctl.operate.guard import OPERATION
from labctl.play import incidents, results
from labctl.state.change_feed import NewChange
from tests.support.catalogue import use_only
from tests.support.example_fault import CAUSE
from tests.support.world import World

ANSWER = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))


def solve(world: World) -> None:
    incidents.start(world.lab, world.fault())
    incidents.submit(world.lab, ANSWER, ())


def test_present(world: World) -> None:
    solve(world)
    assert results.present(world.lab).debrief().incident.status is Status.SOLVED


def test_nothing_to_tell(world: World) -> None:
    with pytest.raises(LabStateError, match="there is no incident"):
        results.present(world.lab).debrief()


def test_an_open_incident_is_not_told(world: World) -> None:
    incidents.start(world.lab, world.fault())
    with pytest.raises(LabStateError, match="is not over"):
        results.present(world.lab).debrief()


def test_nor_is_one_named_whose_fault_is_not_in_the_catalogue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    incidents.start(world.lab, world.fault())
    use_only(monkeypatch)
    with pytest.raises(LabStateError, match="is not over"):
        results.present(world.lab).debrief()


def test_the_archive_tells_what_was_solved_before_the_lab_went(world: World) -> None:
    solve(world)
    assert isinstance(archive.keep(world.lab), Path)
    told = results.archived("lab").debrief()
    assert told.incident.status is Status.SOLVED
    assert all(link.curve for link in told.chain)


def test_what_was_open_when_the_lab_went_was_given_up(world: World) -> None:
    incidents.start(world.lab, world.fault())
    archive.keep(world.lab)
    assert results.archived("lab").debrief().incident.status is Status.GIVEN_UP


def test_one_that_was_open_ends_with_the_lab_and_not_when_it_is_read(world: World) -> None:
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(60)
    world.lab.store.journal.append(OPERATION, {"what": "down", "outcome": "done"})
    archive.keep(world.lab)
    world.clock.sleep(5000)
    told = results.archived("lab").debrief()
    assert told.incident.status is Status.GIVEN_UP
    assert told.clock_s == pytest.approx(60, abs=1)


def test_one_that_was_open_beyond_its_limit_had_timed_out(world: World) -> None:
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(1000)
    world.lab.store.journal.append(OPERATION, {"what": "down", "outcome": "done"})
    archive.keep(world.lab)
    told = results.archived("lab").debrief()
    assert (told.incident.status, told.clock_s) == (Status.TIMED_OUT, 900)


def test_the_newest_archive_counts(world: World) -> None:
    solve(world)
    kept = archive.keep(world.lab)
    assert kept is not None
    (kept.parent / "lab-20200101-000000.db").write_bytes(b"older")
    (kept.parent / "lab-two-20990101-000000.db").write_bytes(b"another lab's")
    assert results.archived("lab").database.path == kept


def test_a_lab_that_never_was(world: World) -> None:
    with pytest.raises(NotFoundError, match="no lab named 'lob'"):
        results.archived("lob")


def test_the_postmortem_reads_the_feed_and_the_journal(world: World) -> None:
    world.lab.store.changes.add(NewChange("release", "gateway", "Tidy up", "3.8.0", "3.8.1", "a.novak"))
    solve(world)
    left = results.present(world.lab)
    assert "The lab is not healed yet." in left.postmortem(left.debrief()).text
    world.lab.store.journal.append(OPERATION, {"what": "heal", "outcome": "done"})
    draft = left.postmortem(left.debrief()).text
    assert "gateway: release by a.novak: Tidy up" in draft
    assert "The lab was healed at" in draft
