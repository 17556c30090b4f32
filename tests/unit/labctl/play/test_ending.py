from dataclasses import replace

import pytest

from labctl.base import progress
from labctl.base.errors import (
    CatalogueError,
    LookupFailedError,
)
from labctl.base.progress import Event, Warned
from labctl.catalogue import own_folders
from labctl.health import paging
from labctl.model.fault import Fault
from labctl.model.incident import Incident, Status
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import injection
from labctl.play import incidents, stored
from labctl.play.told_changes import END, LATER_PAGES
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import World

RIGHT = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))
WRONG = Answer(NEAR, frozenset({Impact.CHECKOUT_ERRORS}))


def start(world: World) -> Incident:
    return incidents.start(world.lab, world.fault())


def _last(incident: Incident) -> float:
    return incident.curves["risk: queue"].broken[-1][0]


class TestLaterPages:
    def test_what_else_has_paged_is_in_the_journal(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        incident = start(world)
        assert incident.page is not None
        found = [(incident.page.at, incident.page.alert), (incident.page.at + 5, "LedgerLate")]
        monkeypatch.setattr(paging, "began", lambda _metrics, _window: found)
        incidents.give_up(world.lab)
        (entry,) = world.lab.store.journal.entries(kind=LATER_PAGES)
        assert entry.payload["pages"] == [[incident.page.at + 5, "LedgerLate"]]

    def test_a_telemetry_that_is_away_leaves_the_end_as_it_is(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> list[tuple[float, str]]:
            raise LookupFailedError("away")

        start(world)
        monkeypatch.setattr(paging, "began", away)
        incidents.give_up(world.lab)
        assert world.lab.store.journal.entries(kind=LATER_PAGES) == []
        assert len(world.lab.store.journal.entries(kind=END)) == 1


class TestEnding:
    def test_give_up(self, world: World) -> None:
        start(world)
        ended = incidents.give_up(world.lab)
        assert ended is not None
        assert ended.status is Status.GIVEN_UP
        assert ended.curves

    def test_giving_up_needs_no_file_and_says_what_is_missing_without_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def spoiled(*_: object) -> Fault:
            raise CatalogueError("the fault's file does not load any more", todo="mend it")

        start(world)
        monkeypatch.setattr(own_folders, "recall", spoiled)
        heard: list[Event] = []
        with progress.listening(heard.append):
            ended = incidents.give_up(world.lab)
        assert ended is not None
        assert (ended.status, ended.curves) == (Status.GIVEN_UP, {})
        (warned,) = heard
        assert isinstance(warned, Warned)
        assert "no measurements yet: the fault's file does not load" in warned.text

    def test_giving_up_nothing_is_harmless(self, world: World) -> None:
        assert incidents.give_up(world.lab) is None
        start(world)
        incidents.submit(world.lab, RIGHT, ())
        assert incidents.give_up(world.lab) is None
        assert incidents.latest(world.lab).status is Status.SOLVED  # type: ignore[union-attr]

    def test_a_break_that_was_killed_is_no_incident(self, world: World) -> None:
        incident = start(world)
        stored.save(world.lab, replace(incident, status=Status.INJECTING, page=None))
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab).status is Status.VOID  # type: ignore[union-attr]

    def test_a_healed_lab_has_no_open_incident(self, world: World) -> None:
        start(world)
        injection.heal(world.lab)
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab).status is Status.GIVEN_UP  # type: ignore[union-attr]

    def test_an_open_one_stays_open(self, world: World) -> None:
        incident = start(world)
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab) == incident

    def test_nothing_to_reconcile(self, world: World) -> None:
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab) is None
