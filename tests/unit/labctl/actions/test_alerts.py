import itertools

import pytest

from labctl.actions import alerts
from labctl.base.errors import LabStateError, LookupFailedError
from labctl.health.paging import FIRED_BY_SERVICE
from labctl.model.samples import Alert
from labctl.play import incidents
from tests.support.world import World


def alert(name: str) -> Alert:
    labels = {"alertname": name, "severity": "page", "service": "ledger"}
    return Alert(name, "firing", labels, {"summary": f"{name}!"}, 0.0)


def followed(world: World, *polls: list[Alert] | Exception) -> list[tuple[str, str]]:
    """Follow while Prometheus answers these, one after another; then the incident ends."""
    answers = iter(polls)

    def firing() -> list[Alert]:
        answer = next(answers, None)
        if answer is None:
            incidents.give_up(world.lab)
            return []
        if isinstance(answer, Exception):
            raise answer
        return answer

    world.metrics.firing = firing
    return [(each.state, each.alert) for each in itertools.islice(alerts.follow("lab"), 20)]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def test_each_page_once_as_it_fires_and_resolves(world: World) -> None:
    page, late = alert("BalancesLate"), alert("LedgerRestarted")
    seen = followed(world, [page], [page], [page, late], [late], [late])
    assert seen == [
        ("firing", "BalancesLate"),
        ("firing", "LedgerRestarted"),
        ("resolved", "BalancesLate"),
        ("resolved", "LedgerRestarted"),
    ]


@pytest.mark.parametrize("away", [LabStateError("away"), LookupFailedError("away")])
def test_while_prometheus_is_away_nothing_resolves(world: World, away: Exception) -> None:
    page = alert("BalancesLate")
    assert followed(world, [page], away, [page]) == [("firing", "BalancesLate"), ("resolved", "BalancesLate")]


def test_the_limit_ends_it(world: World) -> None:
    incidents.give_up(world.lab)
    world.heal()
    world.clock.sleep(600)
    world.lab.store.documents.remove("injection", "active")
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(899)
    assert [each.state for each in alerts.follow("lab")] == ["firing"]


def test_nothing_to_follow(world: World) -> None:
    incidents.give_up(world.lab)
    with pytest.raises(LabStateError, match="is over"):
        next(alerts.follow("lab"))


def test_the_history_is_what_prometheus_recorded_since_before_the_page(world: World) -> None:
    incident = incidents.latest(world.lab)
    assert incident is not None
    assert incident.page is not None
    paged_at = incident.page.at
    world.use({FIRED_BY_SERVICE: None})
    world.metrics.signals = {**world.metrics.signals, FIRED_BY_SERVICE: lambda at: 1.0 if at >= paged_at else None}
    world.metrics.labels = {FIRED_BY_SERVICE: {"alertname": "A", "service": "gateway"}}
    (found,) = alerts.history("lab")
    assert (found.alert, found.service, found.until) == ("A", "gateway", None)
    assert abs(found.since.timestamp() - paged_at) <= 1
    (asked,) = [span for span in world.metrics.spans if span[0] == FIRED_BY_SERVICE]
    assert asked[1] == paged_at - alerts.BEFORE_S
