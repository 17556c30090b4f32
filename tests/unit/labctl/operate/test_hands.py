from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError, InputError, LabctlError, LabStateError, NotFoundError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.mitigation import (
    VERBS,
    Block,
    Configure,
    Flag,
    Index,
    KillQuery,
    Move,
    Park,
    Restart,
    Rollback,
    Scale,
    Shed,
    Step,
    Wait,
)
from labctl.operate import hands
from tests.support.fake_lab import FakeStack, make_container, make_lab

INDEX = "payments_merchant_created"
SHOWN = {
    Restart("risk"): ("operation", "risk", "Restart risk"),
    Move("risk"): ("operation", "risk", "Move risk to another host"),
    Scale("risk", "cpu", 2): ("operation", "risk", "Give risk 2 cores"),
    Scale("risk", "memory", 256): ("operation", "risk", "Give risk 256 MiB of memory"),
    Scale("payments", "pool", 16): ("configuration", "payments", "Set DB_POOL_MAX to 16"),
    Scale("payments", "threads", 48): ("configuration", "payments", "Set THREADS to 48"),
    Configure("redis", "MAXMEMORY", "64mb"): ("configuration", "redis", "Set MAXMEMORY to 64mb"),
    Flag("issuer-signals", "off"): ("flag", "risk", "Switch issuer-signals to off"),
    KillQuery("jobs"): ("operation", "postgres", "End the sessions of jobs"),
    Shed(0.25): ("configuration", "gateway", "Turn 25% of the checkouts away"),
    Block("merchant", "7"): ("configuration", "gateway", "Block the merchant 7"),
    Index(INDEX): ("operation", "postgres", f"Build the index {INDEX}"),
    Park(): ("operation", "redis", "Move the record 1700000000000-0 to the dead letters"),
}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers.append(make_container("gateway"))
    stack.docker.sessions.append(("9", "jobs"))
    stack.docker.state.events.append("e-1")
    stack.docker.state.dropped.add(INDEX)
    return lab, stack


def state(lab: Lab, stack: FakeStack) -> object:
    settings = {service: lab.configuration.settings(service) for service in lab.files.services()}
    seen = stack.docker.seen()
    seen.redis.clear()
    return settings, lab.flag_file.flags(), seen


@pytest.mark.parametrize("step", SHOWN, ids=str)
def test_every_step_is_in_the_feed_as_the_learners_own(made: tuple[Lab, FakeStack], step: Step) -> None:
    lab, _ = made
    hands.carry_out(lab, step)
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.summary) == SHOWN[step]
    assert change.author == "you"


@pytest.mark.parametrize("step", SHOWN, ids=str)
def test_every_step_is_undone_by_the_log(made: tuple[Lab, FakeStack], step: Step) -> None:
    lab, stack = made
    before = state(lab, stack)
    numbers = hands.carry_out(lab, step)
    assert numbers == [each.number for each in lab.store.undo_log.entries()]
    undo.replay(lab)
    assert state(lab, stack) == before


def test_the_catalogue_has_every_step_that_can_be_typed() -> None:
    assert [each.verb for each in VERBS] == list(dict.fromkeys(each.verb for each in VERBS))
    assert {each.verb for each in VERBS} == {"rollback", *(step.verb for step in SHOWN)}
    assert len(VERBS) >= 8


def test_a_rollback_goes_to_the_version_before_its_last_release(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    shipped = lab.releases.version("risk")
    lab.releases.deploy("risk", "1.10.0")
    hands.carry_out(lab, Rollback("risk"))
    assert lab.releases.version("risk") == shipped
    last = lab.store.changes.list()[-1]
    assert (last.kind, last.old, last.new, last.author) == ("release", "1.10.0", shipped, "you")
    undo.replay(lab)
    assert lab.releases.version("risk") == shipped


def test_a_rollback_among_releases_takes_off_the_last_one_whatever_its_patch_is_called(
    made: tuple[Lab, FakeStack],
) -> None:
    lab, _ = made
    lab.releases.deploy("risk", "1.9.4", version="1.9.3")
    lab.releases.deploy("risk", "1.10.0", version="1.9.4")
    hands.carry_out(lab, Rollback("risk"))
    assert [(each.release, each.version) for each in lab.releases.running("risk")] == [("1.9.4", "1.9.3")]


def test_a_rollback_takes_off_a_colleagues_release_that_came_last_and_the_next_one_what_is_below(
    made: tuple[Lab, FakeStack],
) -> None:
    lab, _ = made
    shipped = lab.releases.version("risk")
    lab.releases.deploy("risk", "1.10.0", version="1.9.3")
    lab.releases.ship("risk", "1.9.4", author="a.colleague")
    hands.carry_out(lab, Rollback("risk"))
    assert [(each.release, each.version) for each in lab.releases.running("risk")] == [("1.10.0", "1.9.3")]
    hands.carry_out(lab, Rollback("risk"))
    assert lab.releases.version("risk") == shipped
    assert [each.summary for each in lab.store.changes.list()][-2:] == ["Roll back to 1.9.3", f"Roll back to {shipped}"]
    with pytest.raises(LabStateError, match="the version before is not kept"):
        hands.carry_out(lab, Rollback("risk"))


def test_a_rollback_needs_no_entry_in_the_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.releases.deploy("risk", "1.10.0", author="you")
    hands.carry_out(lab, Rollback("risk"))
    assert lab.releases.running("risk") == ()


def test_without_a_release_there_is_nothing_to_go_back_from(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(LabStateError, match="the version before is not kept"):
        hands.carry_out(lab, Rollback("risk"))


def test_a_roll_back_is_nothing_to_go_back_from(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.releases.deploy("risk", "1.10.0")
    undo.replay(lab)
    with pytest.raises(LabStateError, match="the version before is not kept"):
        hands.carry_out(lab, Rollback("risk"))


def test_blocks_add_up_and_nothing_is_blocked_twice(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    hands.carry_out(lab, Block("merchant", "7"))
    hands.carry_out(lab, Block("merchant", "8"))
    assert lab.configuration.settings("gateway")["BLOCKED_MERCHANTS"] == "7,8"
    with pytest.raises(LabStateError, match="blocked already"):
        hands.carry_out(lab, Block("merchant", "8"))


@pytest.mark.parametrize(
    ("step", "error", "said"),
    [
        (Restart("acquirer"), InputError, "acquirer is not ours to change"),
        (Restart("telemetry"), NotFoundError, "no service named 'telemetry'"),
        (Rollback("postgres"), LabStateError, "is a package"),
        (Move("redis"), InputError, "keeps state"),
        (Scale("risk", "cpu", 100), InputError, "cpu=100 is out of range"),
        (Scale("risk", "disk", 1), NotFoundError, "no thing to scale named 'disk'"),
        (Scale("gateway", "pool", 2), NotFoundError, "no setting of gateway named 'DB_POOL_MAX'"),
        (Configure("risk", "NOTHING", "1"), NotFoundError, "no setting of risk"),
        (Configure("payments", "DB_POOL_MAX", "8"), LabStateError, "nothing was changed"),
        (Flag("issuer-signals", "on"), LabStateError, "nothing was changed"),
        (Flag("issuer-signal", "on"), NotFoundError, "no feature flag"),
        (KillQuery("12345"), LabStateError, "no session '12345'"),
        (Shed(2), InputError, "out of range"),
        (Shed(0), LabStateError, "nothing was changed"),
        (Block("merchant", "seven"), InputError, "is no merchant"),
        (Block("shop", "7"), NotFoundError, "no kind of block"),
        (Index("payments_x"), NotFoundError, "no index"),
        (Park("nowhere"), LabStateError, "no record nowhere"),
    ],
    ids=str,
)
def test_what_cannot_be_done_changes_nothing(
    made: tuple[Lab, FakeStack], step: Step, error: type[LabctlError], said: str
) -> None:
    lab, stack = made
    before = state(lab, stack)
    with pytest.raises(error, match=said):
        hands.carry_out(lab, step)
    assert state(lab, stack) == before
    assert lab.store.changes.list() == []
    assert lab.store.undo_log.entries() == []


def test_one_that_fails_half_way_is_taken_back_and_what_was_there_stays(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.configuration.change("payments", "DB_POOL_MAX", "1", author="m.f", summary="Fewer")
    stack.fails_with, stack.fails_times = EngineError("it does not start"), 1
    with pytest.raises(EngineError, match="it does not start"):
        hands.carry_out(lab, Configure("payments", "RISK_TIMEOUT_MS", "9"))
    settings = lab.configuration.settings("payments")
    assert (settings["RISK_TIMEOUT_MS"], settings["DB_POOL_MAX"]) == ("200", "1")
    assert [each.before["key"] for each in lab.store.undo_log.entries()] == ["DB_POOL_MAX"]


def test_a_new_container_does_not_escape_what_its_host_does(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    stack.containers.append(make_container("risk", number=2))
    hands.carry_out(lab, Restart("risk"))
    assert "id-risk-2" in stack.docker.seen().cpus


def test_only_while_the_lab_runs(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.containers = [make_container("gateway", state="exited")]
    with pytest.raises(LabStateError, match="does not run"):
        hands.carry_out(lab, Wait())
