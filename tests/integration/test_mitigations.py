"""What `labctl mitigate` does to a real lab: the gateway's door, sessions, an index, a kill in the middle of a step."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

from labctl.actions import mitigate
from labctl.base.waiting import wait_until
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.model.mitigation import Block, Index, KillQuery, Restart, Shed
from labctl.operate import guard, injection
from tests.support.command_line import start

pytestmark = pytest.mark.lab

INDEX = "idempotency_keys_created"
MERCHANT = 731


@pytest.fixture
def kept(running_lab: Lab) -> Iterator[Lab]:
    """The lab, which is what it was afterwards."""
    before = fingerprint.take(running_lab)
    yield running_lab
    injection.heal(running_lab)
    assert fingerprint.leftovers(running_lab, before) == []


def checkout(lab: Lab, merchant: int = MERCHANT) -> int:
    """Return the status of one checkout, as anybody on this host can make it."""
    card = {"scheme": "visa", "token": "tok_1"}
    body = {"customer_id": 41, "merchant_id": merchant, "amount_minor": 900, "currency": "EUR", "card": card}
    key = {"Idempotency-Key": f"mitigation-{time.time_ns()}"}
    return httpx.post(f"{lab.addresses.gateway}/v1/checkouts", json=body, headers=key, timeout=10).status_code


def test_the_door_is_closed_and_opened_again(kept: Lab) -> None:
    shed = mitigate.take(kept.name, Shed(1))
    assert checkout(kept) == 503
    mitigate.undo(kept.name, shed.number)
    blocked = mitigate.take(kept.name, Block("merchant", str(MERCHANT)))
    assert (checkout(kept), checkout(kept, MERCHANT + 1)) == (403, 201)
    history = f"{kept.addresses.gateway}/v1/merchants/{MERCHANT}/payments"
    assert httpx.get(history, timeout=10).status_code == 403
    mitigate.undo(kept.name, blocked.number)
    assert checkout(kept) == 201


def test_sessions_end_and_an_index_is_built(kept: Lab) -> None:
    kept.database.hold("nightly-export", "SELECT count(*) FROM merchants", 300)
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nightly-export'"
    wait_until(lambda: int(kept.database.server.run(count).strip()), what="the session", timeout=15)
    mitigate.take(kept.name, KillQuery("nightly-export"))
    wait_until(lambda: kept.database.server.run(count).strip() == "0", what="its end", timeout=15)
    kept.database.server.run(f"DROP INDEX {INDEX};")
    built = mitigate.take(kept.name, Index(INDEX))
    assert kept.database.server.has_index(INDEX)
    mitigate.undo(kept.name, built.number)
    assert not kept.database.server.has_index(INDEX)
    mitigate.take(kept.name, Index(INDEX))
    kept.store.undo_log.remove(kept.store.undo_log.entries("database", INDEX))  # as the schema has it


def test_a_step_that_is_killed_is_taken_back_by_the_next(kept: Lab) -> None:
    pool = kept.configuration.settings("payments")["DB_POOL_MAX"]
    with start("mitigate", "scale", "payments", "pool=5", "--name", kept.name) as process:
        wait_until(
            lambda: kept.configuration.settings("payments")["DB_POOL_MAX"] == "5", what="the setting", timeout=30
        )
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [each.what for each in guard.interrupted(kept)] == [guard.MITIGATE]
    mitigate.take(kept.name, Restart("ledger"))
    assert kept.configuration.settings("payments")["DB_POOL_MAX"] == pool
    assert kept.store.undo_log.entries() == []
    wait_until(lambda: len(kept.stack.ps("payments")) == 1, what="one container of payments", timeout=30)


def test_a_restart_gives_a_new_process_in_the_same_container(kept: Lab) -> None:
    container = kept.stack.container("risk").id
    pid = f"{{{{.State.Pid}}}} {container}".split()
    before = subprocess.run(["docker", "inspect", "-f", *pid], capture_output=True, text=True, check=True).stdout
    mitigate.take(kept.name, Restart("risk"))
    after = subprocess.run(["docker", "inspect", "-f", *pid], capture_output=True, text=True, check=True).stdout
    assert kept.stack.container("risk").id == container
    assert after != before
