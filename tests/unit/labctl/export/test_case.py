from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.base.errors import LabStateError, NotFoundError
from labctl.export.case import find, windows
from labctl.model.measurement import Window
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate.guard import OPERATION
from labctl.play import incidents
from tests.support.example_debrief import entry
from tests.support.example_fault import CAUSE
from tests.support.example_incident import INJECTED, PAGED, SOLVED, solved
from tests.support.fake_incident import open_incident
from tests.support.world import World


def test_a_solved_incident_is_divided_by_its_injection() -> None:
    assert windows(solved(), []) == (Window(INJECTED - 300, INJECTED), Window(INJECTED, SOLVED + 1))


def test_the_healthy_window_begins_when_the_lab_had_settled() -> None:
    done = entry(INJECTED - 100, OPERATION, what="heal", outcome="done")
    failed = entry(INJECTED - 50, OPERATION, what="up", outcome="failed")
    late = entry(SOLVED + 5, OPERATION, what="heal", outcome="done")
    assert windows(solved(), [done, failed, late])[0] == Window(INJECTED - 85, INJECTED)


def test_what_was_measured_as_healthy_is_in_it_in_any_case() -> None:
    done = entry(INJECTED - 31, OPERATION, what="up", outcome="done")
    assert windows(solved(), [done])[0].start == INJECTED - 30


def test_while_it_is_open_the_page_divides_and_nothing_tells_the_injection() -> None:
    incident = replace(open_incident(), injected_at=PAGED - 9.25, healthy=Window(PAGED - 60, PAGED - 20))
    assert incident.page
    incident = replace(incident, page=replace(incident.page, at=PAGED + 0.75))
    normal, abnormal = windows(incident, [])
    assert (normal.end, abnormal.start) == (PAGED, PAGED)
    assert abnormal.end >= PAGED


def test_the_last_incident_and_its_cause_once_it_is_over(world: World) -> None:
    with pytest.raises(LabStateError, match="there is no incident"):
        find(world.lab)
    incidents.start(world.lab, world.fault())
    assert find(world.lab).story is None
    incidents.submit(world.lab, Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS})), ())
    found = find(world.lab, "INC-0001")
    assert found.story is not None
    assert found.story.fault.root_cause == CAUSE
    with pytest.raises(NotFoundError, match="INC-0002"):
        find(world.lab, "INC-0002")
