from collections.abc import Callable

import pytest

from labctl.base.errors import LabStateError, LookupFailedError
from labctl.health.paging import FIRED, FIRED_BY_SERVICE, RAISED, Paged, active, await_page, began, firing, paged
from labctl.model.measurement import Window
from labctl.model.samples import Alert
from tests.support.alerting_rules import make_rule
from tests.support.fake_metrics import FakeMetrics, steady
from tests.support.world import World

SINCE = 100.0


def alert(name: str = "Errors", state: str = "firing", severity: str = "page", at: float = SINCE) -> Alert:
    return Alert(name, state, {"alertname": name, "severity": severity}, {"summary": f"{name}!"}, at)


def alerting(*answers: Callable[[], list[Alert]]) -> FakeMetrics:
    turns = iter(answers)

    def turn() -> list[Alert]:
        return next(turns, answers[-1])()

    return FakeMetrics({}, firing=turn)


def test_only_a_firing_alert_for_people_is_a_page() -> None:
    metrics = alerting(lambda: [alert(), alert("Slow", state="pending"), alert("Disk", severity="info")])
    assert [each.name for each in firing(metrics)] == ["Errors"]


def test_an_alert_that_will_page_if_it_goes_on_is_active() -> None:
    metrics = alerting(lambda: [alert(), alert("Slow", state="pending"), alert("Disk", severity="info")])
    assert [each.name for each in active(metrics)] == ["Errors", "Slow"]


def test_the_page_is_what_the_alert_says(world: World) -> None:
    page = await_page(alerting(list, lambda: [alert()]), SINCE, 10)
    assert page is not None
    assert (page.alert, page.summary, page.description) == ("Errors", "Errors!", "")


def test_the_page_is_dated_by_prometheus_however_late_it_is_seen(world: World) -> None:
    began = world.clock.now
    metrics = alerting(list, lambda: [alert("Slow", at=began + 3), alert(at=began + 1)])
    metrics.alerting = [make_rule(name="Errors", hold_s=2.5), make_rule(name="Slow", hold_s=0)]
    world.clock.sleep(60)
    page = await_page(metrics, SINCE, 10)
    assert page is not None
    assert (page.alert, page.at) == ("Slow", began + 3)


def test_a_page_that_came_and_went_unseen_is_found_in_the_record(world: World) -> None:
    metrics = alerting(list)
    since, metrics.labels = world.clock.now, {FIRED: {"alertname": "Errors"}, RAISED: {"alertname": "Errors"}}
    metrics.signals = {FIRED: lambda at: 1.0 if since + 5 <= at < since + 9 else None}
    page = await_page(metrics, since, 10)
    assert page is not None
    assert page.alert == "Errors"
    assert page.at == pytest.approx(since + 5, abs=1)
    # One that was pending before comes from something else.
    metrics.signals = {**metrics.signals, RAISED: steady(1)}
    assert await_page(metrics, since, 10) is None


@pytest.mark.parametrize("state", ["pending", "firing"])
def test_what_held_before_is_no_page_even_if_it_fires_afterwards(world: World, state: str) -> None:
    before = SINCE - 0.1
    metrics = alerting(lambda: [alert(state=state, at=before)], lambda: [alert(at=before)])
    assert await_page(metrics, SINCE, 5) is None


def test_what_held_before_does_not_hide_what_holds_since(world: World) -> None:
    page = await_page(alerting(lambda: [alert("Slow", at=1.0), alert(), alert("Late", state="pending")]), SINCE, 5)
    assert page is not None
    assert page.alert == "Errors"


def test_the_same_alert_that_ended_and_came_again_is_a_page(world: World) -> None:
    page = await_page(alerting(lambda: [alert(at=1.0)], list, lambda: [alert(at=SINCE + 3)]), SINCE, 10)
    assert page is not None


def test_rules_that_are_away_for_a_moment_do_not_end_the_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = alerting(lambda: [alert()])
    answers: list[object] = [LookupFailedError("503"), []]

    def rules() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(metrics, "rules", rules)
    assert await_page(metrics, SINCE, 10) is not None


def test_a_record_that_is_away_at_the_end_is_no_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise LabStateError("no answer")

    metrics = alerting(list)
    monkeypatch.setattr(metrics, "query_range", refuse)
    assert await_page(metrics, SINCE, 5) is None


def test_when_a_page_began_by_prometheus_own_record() -> None:
    metrics = FakeMetrics({FIRED: lambda at: 1.0 if at >= 105 else None}, labels={FIRED: {"alertname": "LedgerLate"}})
    assert began(metrics, Window(100, 120)) == [(105, "LedgerLate")]
    assert began(metrics, Window(90, 100)) == []


def test_no_page_in_time(world: World) -> None:
    began = world.clock.now
    assert await_page(alerting(list), SINCE, 30) is None
    assert 30 <= world.clock.now - began < 32


@pytest.mark.parametrize("away", [LookupFailedError("503"), LabStateError("no answer")])
def test_a_telemetry_that_is_away_for_a_moment_does_not_end_the_wait(world: World, away: Exception) -> None:
    def refuse() -> list[Alert]:
        raise away

    page = await_page(alerting(refuse, refuse, lambda: [alert()]), SINCE, 10)
    assert page is not None


def test_the_spans_in_which_alerts_paged() -> None:
    def fires(at: float) -> float | None:
        return 1.0 if 103 <= at <= 105 or at >= 108 else None

    metrics = FakeMetrics({FIRED_BY_SERVICE: fires}, labels={FIRED_BY_SERVICE: {"alertname": "A", "service": "risk"}})
    assert paged(metrics, Window(100, 110)) == [Paged("A", "risk", 103, 105), Paged("A", "risk", 108, None)]


def test_an_alert_that_fired_all_the_time_is_one_span() -> None:
    metrics = FakeMetrics({FIRED_BY_SERVICE: steady(1.0)})
    assert paged(metrics, Window(100, 110)) == [Paged("an alert", "", 100, None)]
