"""The margin of a verification: what it is, and how long a run is observed for its sake."""

import itertools
import json
from collections.abc import Callable

import pytest

from labctl.base.errors import LookupFailedError
from labctl.model.samples import Rule
from labctl.model.signature import Outcome
from labctl.verify import verification
from labctl.verify.margin import Margin
from labctl.verify.verification import verify
from labctl.verify.verification_record import Record
from tests.support.alerting_rules import make_rule
from tests.support.example_fault import EXAMPLE
from tests.support.world import DELAY_S, PAGE_S, World

RULE = make_rule("burn > 4", "CheckoutErrorRatioHigh")
LEVEL = "(burn{}) / (4)"
FIRES = f'ALERTS{{alertname="{RULE.name}",alertstate=~"pending|firing"}}'
OBSERVED_S = EXAMPLE.page_within_s + verification.SETTLE_S


def run(world: World) -> Record:
    fault = world.fault()
    return verify(world.lab, fault, lambda _: None, (fault,))


def burns(world: World, level: Callable[[float], float], healthy: float = 0.2) -> None:
    """Let the world's alert have a rule with a level: a function of the seconds since the injection."""

    def shown(at: float) -> float:
        return next((level(at - begun) for begun, end in world.broken if begun + DELAY_S <= at < end), healthy)

    def fires(at: float) -> float | None:
        return 1.0 if any(begun + PAGE_S <= at < end for begun, end in world.broken) else None

    world.metrics.alerting = [RULE]
    world.metrics.labels = {FIRES: {"alertname": RULE.name, "alertstate": "firing"}}
    world.metrics.signals = {**world.metrics.signals, LEVEL: shown, FIRES: fires}


def observed_s(world: World) -> float:
    """Return how long it was broken."""
    ((begun, end),) = world.broken
    return end - begun


def test_the_record_holds_the_margin(world: World) -> None:
    burns(world, lambda _since: 3.0)
    record = run(world)
    assert record.margin == Margin(RULE.name, 3.0, RULE.name, 0.2)
    assert (record.outcome, record.findings) == (Outcome.PASS, ())
    assert Record.from_document(json.loads(json.dumps(record.to_document()))) == record


def test_a_narrow_margin_is_a_finding_and_no_failure(world: World) -> None:
    burns(world, lambda _since: 1.5)
    record = run(world)
    assert record.margin == Margin(RULE.name, 1.5, RULE.name, 0.2)
    assert (record.outcome, record.reasons) == (Outcome.PASS, ())
    assert record.findings == tuple(Margin(RULE.name, 1.5).findings()) != ()


def test_a_lab_without_rules_is_measured_all_the_same(world: World) -> None:
    record = run(world)
    assert (record.margin, record.findings) == (Margin(), ())
    assert observed_s(world) < OBSERVED_S / 2


def test_the_margin_is_measured_when_the_signature_never_held(world: World) -> None:
    world.use({"cpu": (0.2, 0.9)})
    burns(world, lambda _since: 3.0)
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert record.margin == Margin(RULE.name, 3.0, RULE.name, 0.2)


def test_the_margin_is_measured_when_nobody_was_paged(world: World) -> None:
    burns(world, lambda _since: 0.9)
    world.pages = False
    world.metrics.signals = {**world.metrics.signals, FIRES: lambda _at: None}
    record = run(world)
    assert record.margin == Margin(None, None, RULE.name, 0.2)


def test_what_is_wide_at_once_is_observed_no_longer_than_its_signature(world: World) -> None:
    burns(world, lambda _since: 3.0)
    run(world)
    assert observed_s(world) < PAGE_S + verification.LINGER_S + 5


def test_what_burns_slowly_is_observed_until_it_is_wide(world: World) -> None:
    burns(world, lambda since: 1 + since / 30)
    record = run(world)
    assert record.margin is not None
    assert record.margin.symptom == pytest.approx(2, abs=0.1)
    assert record.findings == ()
    assert 30 < observed_s(world) < 36


def test_what_stays_narrow_is_observed_until_the_time_is_up_and_no_longer(world: World) -> None:
    burns(world, lambda _since: 1.5)
    run(world)
    assert OBSERVED_S <= observed_s(world) < OBSERVED_S + 3


def test_what_comes_too_late_to_be_wide_is_told_as_it_was(world: World) -> None:
    burns(world, lambda since: 1 + since / 100)
    record = run(world)
    assert record.margin is not None
    assert record.margin.symptom == pytest.approx(1 + OBSERVED_S / 100, abs=0.05)
    assert OBSERVED_S <= observed_s(world) < OBSERVED_S + 3


def test_a_margin_that_nobody_can_measure_is_none_and_no_doubt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_while_broken = itertools.count()

    def rules() -> list[Rule]:
        # The first time it is the page that is looked up; the margin is measured after it.
        if not world.healthy_now and next(asked_while_broken):
            raise LookupFailedError("Prometheus refused the query")
        return []

    monkeypatch.setattr(world.metrics, "rules", rules)
    record = run(world)
    assert (record.margin, record.findings) == (None, ())
    assert record.outcome is Outcome.PASS
