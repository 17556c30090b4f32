import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.model.updates import Update
from labctl.play import incidents, logbook
from labctl.play.logbook import HYPOTHESIS, MOST_TEXT, NOTE, UPDATE, Bearing
from labctl.state.locking import locked
from tests.support.world import World

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200).filter(str.strip)


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def test_what_is_written_down_is_read_in_its_order(world: World) -> None:
    logbook.write(world.lab, NOTE, " the queue grows ")
    world.clock.sleep(60)
    incident = logbook.write(world.lab, UPDATE, "some checkouts fail")
    logbook.write(world.lab, NOTE, "so do retries")
    read = logbook.read(world.lab, incident)
    assert [(each.number, each.text) for each in read.notes] == [(1, "the queue grows"), (2, "so do retries")]
    assert read.updates == (Update(pytest.approx(incident.now(), abs=1), "some checkouts fail"),)  # type: ignore[arg-type]


def test_hypotheses_are_supported_and_ruled_out(world: World) -> None:
    logbook.write(world.lab, HYPOTHESIS, "a pool is too small")
    logbook.write(world.lab, HYPOTHESIS, "the database is slow")
    logbook.bear(world.lab, 2, Bearing.SUPPORTED, [])
    logbook.bear(world.lab, 2, Bearing.RULED_OUT, ["#1 sql SELECT 1"])
    incident = logbook.bear(world.lab, 1, Bearing.SUPPORTED, ["#3 metrics queue"])
    pool, database = logbook.read(world.lab, incident).hypotheses
    assert (pool.state, pool.steps[0].evidence) == (Bearing.SUPPORTED, ("#3 metrics queue",))
    assert (database.state, len(database.steps)) == (Bearing.RULED_OUT, 2)


def test_a_hypothesis_that_was_never_made(world: World) -> None:
    with pytest.raises(NotFoundError, match="no hypothesis named '1'"):
        logbook.bear(world.lab, 1, Bearing.SUPPORTED, [])


def test_another_incident_has_a_logbook_of_its_own(world: World) -> None:
    first = logbook.write(world.lab, NOTE, "of the first")
    assert logbook.written(world.lab.store.journal.entries(), "INC-0002") == logbook.NOTHING_WRITTEN
    assert len(logbook.read(world.lab, first).notes) == 1


def test_while_another_command_holds_the_lab_notes_can_be_taken(world: World) -> None:
    with locked("lab", "submit"):
        logbook.write(world.lab, NOTE, "still here")
    assert len(logbook.read(world.lab, incidents.require_open(world.lab)).notes) == 1


def test_after_the_end_nothing_is_written_down(world: World) -> None:
    incidents.give_up(world.lab)
    with pytest.raises(LabStateError, match="is over: given-up"):
        logbook.write(world.lab, NOTE, "too late")
    assert world.lab.store.journal.entries(kind=NOTE) == []


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MOST_TEXT + 1), "\udcff"])
def test_what_is_no_text_is_refused(text: str, world: World) -> None:
    with pytest.raises(InputError):
        logbook.write(world.lab, NOTE, text)
    assert world.lab.store.journal.entries(kind=NOTE) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_text_comes_back_as_it_was_written(text: str, world: World) -> None:
    incident = logbook.write(world.lab, NOTE, text)
    assert logbook.read(world.lab, incident).notes[-1].text == text.strip()
    assert world.lab.store.journal.verify() is None


def test_when_the_next_update_is_due(world: World) -> None:
    incident = incidents.require_open(world.lab)
    assert incident.page is not None
    assert logbook.update_due(world.lab, incident) == incident.page.at + 300
    world.clock.sleep(100)
    written_at = logbook.write(world.lab, UPDATE, "we look into it").now()
    assert logbook.update_due(world.lab, incident) == pytest.approx(written_at + 300, abs=1)
    incidents.give_up(world.lab)
    ended = incidents.latest(world.lab)
    assert ended is not None
    assert logbook.update_due(world.lab, ended) is None
