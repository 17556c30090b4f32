from __future__ import annotations

from dataclasses import replace

from labctl.model.incident import Incident
from labctl.model.signal import entry, spans
from labctl.model.surroundings import Decoy, Surroundings
from labctl.model.vocabulary import Component
from labctl.play import around_story
from labctl.play.told_changes import told
from tests.support.example_debrief import CHANGES, FAR, entries
from tests.support.example_fault import example
from tests.support.example_incident import INJECTED, PAGED, solved

FAULT = example(evidence=(spans(Component.RISK, "GET"), entry(Component.RISK, "POOL")))
LAID = replace(FAR, id=4, at=INJECTED - 20)


def around(**fields: object) -> Incident:
    return replace(solved(), around=Surroundings(**fields))  # type: ignore[arg-type]


def test_clear_telemetry_and_no_decoy() -> None:
    found = around_story.tell(FAULT, solved(), ())
    assert (found.fog, found.hid, found.evidence, found.decoy) == ("clear", (), (), None)
    assert found.difficulty.total == FAULT.difficulty


def test_what_the_fog_hid_of_the_faults_own_signals() -> None:
    found = around_story.tell(FAULT, around(fog="hazy", left_out={"one_trace_in": 10}), ())
    assert found.hid == ("of 10 traces, 1 was kept",)
    assert [(each.kind, each.how) for each in found.evidence] == [("trace", "1 trace in 10"), ("change", "")]
    assert found.difficulty.total == FAULT.difficulty + 0.5


def test_the_decoy_is_told_by_its_entry() -> None:
    incident = around(decoy=Decoy(4, "postgres"), cause=(2,))
    changes = told(FAULT, incident, entries()[:-2], [*CHANGES, LAID])
    found = around_story.tell(FAULT, incident, changes)
    assert found.decoy
    assert (found.decoy.component, found.decoy.title, found.decoy.shows) == ("jobs", "Tidy up", "postgres")
    assert found.decoy.before_page_s == PAGED - LAID.at
    parts = {each.change.id: str(each.part) for each in changes}
    assert parts == {1: "decoy", 2: "cause", 3: "harmless", 4: "decoy"}


def test_one_that_is_in_the_feed_no_more_is_not_told() -> None:
    assert around_story.tell(FAULT, around(decoy=Decoy(4, "postgres")), ()).decoy is None
