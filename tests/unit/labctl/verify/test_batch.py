from collections.abc import Sequence
from dataclasses import replace

import pytest

from labctl.base.errors import EngineError, HealError
from labctl.lab.calibration import REFERENCE_SCAN_MS, Calibration
from labctl.lab.lab import Lab
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Host, Load
from labctl.model.signature import Outcome
from labctl.verify import batch
from labctl.verify.batch import Plan
from labctl.verify.batch_record import BatchRecord
from labctl.verify.selection import estimate
from labctl.verify.verification import Progress
from tests.support.world import World


class Log:
    """A view that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def begin(self, what: str) -> Progress:
        self.lines.append(f"begin {what}")
        return lambda _: None

    def end(self, outcome: str, reasons: Sequence[str]) -> None:
        self.lines.append(f"{outcome} {'; '.join(reasons)}".strip())


def run(world: World, plan: Plan) -> tuple[BatchRecord, list[BatchRecord], Log]:
    kept: list[BatchRecord] = []
    log = Log()
    # No catalogue: these faults share their signature, and would be taken for each other.
    return batch.run(world.lab, plan, (), log, kept.append), kept, log


def two(world: World) -> tuple[Fault, Fault]:
    return world.fault(id="fault-a"), world.fault(id="fault-b")


def test_round_by_round(world: World) -> None:
    found, _, log = run(world, Plan(two(world), repeat=2))
    assert [each.fault for each in found.records] == ["fault-a", "fault-b"] * 2
    assert log.lines[0] == "begin fault-a"
    assert len(log.lines) == 8


def test_a_fault_in_which_something_varies_is_verified_at_both_ends(world: World) -> None:
    size = Range("the pool's size", ("1", "2"))

    def inject(lab: Lab, draw: Draw) -> None:
        draw.of(size)
        world.inject(lab)

    varied = world.fault(id="varied-fault", inject=inject, varies=(size,))
    plan = Plan((varied, world.fault(id="other-fault")), ends=True)
    assert plan.steps == 3
    found, kept, log = run(world, plan)
    assert [(each.fault, each.end, each.drawn) for each in found.records] == [
        ("varied-fault", "low", {"the pool's size": "1"}),
        ("varied-fault", "high", {"the pool's size": "2"}),
        ("other-fault", "low", {}),
    ]
    assert kept[0].not_run == ("varied-fault", "varied-fault", "other-fault")
    assert [line for line in log.lines if line.startswith("begin")] == [
        "begin varied-fault (low)",
        "begin varied-fault (high)",
        "begin other-fault",
    ]


def test_what_is_not_made_yet_counts_as_not_run(world: World) -> None:
    found, kept, _ = run(world, Plan(two(world)))
    assert [each.not_run for each in kept] == [("fault-a", "fault-b"), ("fault-b",), (), ()]
    assert all(each.outcome is not Outcome.PASS for each in kept[:2])
    assert found is kept[-1]


def test_a_series_that_never_begins_is_no_pass(world: World) -> None:
    nothing = batch.planned(Plan(two(world), soak_s=60))
    assert (nothing.not_run, nothing.soak_not_run) == (("fault-a", "fault-b"), True)
    assert nothing.outcome is Outcome.UNKNOWN


def test_what_would_not_fit_into_the_budget_is_left_out_and_unknown(world: World) -> None:
    slow = world.fault(id="slow-fault", page_within_s=300.0)
    found, _, log = run(world, Plan((world.fault(), slow, world.fault(id="last-fault")), budget_s=150))
    assert [each.fault for each in found.records] == ["example-fault", "last-fault"]
    assert found.not_run == ("slow-fault",)
    assert found.outcome is Outcome.UNKNOWN
    assert "not run it would not fit into the budget" in log.lines


def test_what_the_load_cannot_show_is_left_out_and_unknown(world: World) -> None:
    busy = world.fault(id="busy-fault", load=Load(min_rps=world.lab.rps + 1))
    found, _, log = run(world, Plan((world.fault(), busy)))
    assert [each.fault for each in found.records] == ["example-fault"]
    assert found.not_run == ("busy-fault",)
    assert found.outcome is Outcome.UNKNOWN
    assert any(line.startswith("not run it takes") for line in log.lines)
    assert found.why_not["busy-fault"].startswith("it takes 21 requests/s to show")


def test_what_the_host_cannot_show_is_left_out_and_unknown_with_the_reason(world: World) -> None:
    fast = Calibration(REFERENCE_SCAN_MS / 5, 1.0, 1.0).document()
    world.lab.store.save(replace(world.lab.record, calibration=fast))
    found, _, _ = run(world, Plan((world.fault(id="slow-host-fault", host=Host(fastest=4)), world.fault())))
    assert [each.fault for each in found.records] == ["example-fault"]
    assert found.outcome is Outcome.UNKNOWN
    assert "5.0 times as fast" in found.why_not["slow-host-fault"]
    assert found.to_document()["why_not_run"] == dict(found.why_not)


def test_what_was_measured_decides_what_fits(world: World) -> None:
    slow = world.fault(page_within_s=300.0)
    assert estimate(slow, world.lab.rps) > 180
    found, _, _ = run(world, Plan((slow,), repeat=2, budget_s=190))
    assert len(found.records) == 2


def test_no_budget_at_all_runs_nothing(world: World) -> None:
    found, _, _ = run(world, Plan(two(world), budget_s=0))
    assert found.records == ()
    assert world.broken == []


def test_a_soak_comes_last(world: World) -> None:
    found, kept, log = run(world, Plan((world.fault(),), soak_s=60))
    assert log.lines[-2:] == ["begin soak", "pass"]
    assert found.soak
    assert found.outcome is Outcome.PASS
    assert kept[-2].soak_not_run


def test_a_soak_that_does_not_fit_is_not_run(world: World) -> None:
    found, _, _ = run(world, Plan((), soak_s=600, budget_s=60))
    assert found.soak_not_run
    assert found.outcome is Outcome.UNKNOWN


def test_a_heal_that_fails_ends_the_series_and_keeps_what_was_found(world: World) -> None:
    def refuse_the_second() -> None:
        if len(world.broken) == 2 and not world.healthy_now:
            raise EngineError("docker refused")

    world.on_heal = refuse_the_second
    kept: list[BatchRecord] = []
    with pytest.raises(HealError):
        batch.run(world.lab, Plan((world.fault(),), repeat=3), (world.fault(),), Log(), kept.append)
    assert [each.outcome for each in kept[-1].records] == [Outcome.PASS, Outcome.FAIL]
    assert kept[-1].not_run == ("example-fault",)


def test_steps_are_counted(world: World) -> None:
    assert Plan(two(world), repeat=3, soak_s=60).steps == 7
