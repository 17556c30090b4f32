from collections.abc import Callable

import pytest

from labctl.errors import LabStateError, LookupFailedError
from labctl.lookups.prometheus import Alert
from labctl.paging import await_page, firing, identities
from tests.support.fake_metrics import FakeMetrics
from tests.support.world import World


def alert(name: str = "Errors", state: str = "firing", severity: str = "page", **more: str) -> Alert:
    return Alert(name, state, {"alertname": name, "severity": severity, **more}, {"summary": f"{name}!"}, 0.0)


def alerting(*answers: Callable[[], list[Alert]]) -> FakeMetrics:
    turns = iter(answers)

    def turn() -> list[Alert]:
        return next(turns, answers[-1])()

    return FakeMetrics({}, firing=turn)


def test_only_a_firing_alert_for_people_is_a_page() -> None:
    metrics = alerting(lambda: [alert(), alert("Slow", state="pending"), alert("Disk", severity="info")])
    assert [each.name for each in firing(metrics)] == ["Errors"]


def test_alerts_are_told_apart_by_their_labels() -> None:
    assert identities([alert(), alert()]) == identities([alert()])
    assert identities([alert(endpoint="checkout")]) != identities([alert(endpoint="refund")])


def test_the_page_is_what_the_alert_says(world: World) -> None:
    page = await_page(alerting(list, lambda: [alert()]), frozenset(), 10)
    assert page is not None
    assert (page.alert, page.summary, page.description) == ("Errors", "Errors!", "")
    assert page.at == pytest.approx(world.clock.now, abs=1)


def test_what_fired_before_is_no_page(world: World) -> None:
    assert await_page(alerting(lambda: [alert()]), identities([alert()]), 5) is None


def test_no_page_in_time(world: World) -> None:
    began = world.clock.now
    assert await_page(alerting(list), frozenset(), 30) is None
    assert 30 <= world.clock.now - began < 32


@pytest.mark.parametrize("away", [LookupFailedError("503"), LabStateError("no answer")])
def test_a_telemetry_that_is_away_for_a_moment_does_not_end_the_wait(world: World, away: Exception) -> None:
    def refuse() -> list[Alert]:
        raise away

    page = await_page(alerting(refuse, refuse, lambda: [alert()]), frozenset(), 10)
    assert page is not None
