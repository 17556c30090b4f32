"""What mechanisms do to a real lab, what outlives a restart or a killed command, and that all of it is taken back."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from labctl.actions.looking import look
from labctl.base.waiting import wait_until
from labctl.docker import helper
from labctl.lab import fingerprint, undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.memory import MIB
from labctl.model.migration import Migration
from labctl.operate import injection

pytestmark = pytest.mark.lab

SLEEPS = "SELECT pg_sleep(300)"
READS_S = 8
NOTE_GONE = "ALTER TABLE merchants DROP IF EXISTS note;"


@pytest.fixture
def kept(running_lab: Lab) -> Iterator[Lab]:
    """The lab, which is what it was afterwards; nothing here depends on how it fares."""
    before = fingerprint.take(running_lab)
    yield running_lab
    injection.heal(running_lab)
    assert fingerprint.leftovers(running_lab, before) == []


def rules(lab: Lab, service: str) -> int:
    """How many packet-filter rules drop something in a service's network, seen by a helper that joins it."""
    seen = fingerprint.take(lab)
    return sum("--probability" in place for place in seen if place.startswith(f"{service}: "))


def memory(lab: Lab, service: str) -> int:
    (document,) = lab.stack.docker.inspect(lab.stack.container(service).id)
    return int(document["HostConfig"]["Memory"])


def sessions(lab: Lab, statement: str) -> int:
    count = f"SELECT count(*) FROM pg_stat_activity WHERE query LIKE '{statement}%' AND pid <> pg_backend_pid()"  # noqa: S608
    return int(lab.database.server.run(count).strip())


def test_lost_packets_outlive_a_restart_of_the_container(kept: Lab) -> None:
    kept.network.lose("risk", "redis", 0.01)
    assert rules(kept, "risk") == 2
    kept.stack.docker.run("restart", "--time", "3", kept.stack.container("risk").id)
    assert rules(kept, "risk") == 0
    look(kept.name, "changes")
    assert rules(kept, "risk") == 2
    assert undo.replay(kept) == 1
    assert rules(kept, "risk") == 0


def test_a_memory_limit_outlives_a_roll_out(kept: Lab) -> None:
    shipped = memory(kept, "risk")
    kept.memory.limit("risk", 130)
    kept.stack.rollout("risk")
    assert memory(kept, "risk") == shipped
    look(kept.name, "changes")
    assert memory(kept, "risk") == 130 * MIB
    undo.replay(kept)
    assert memory(kept, "risk") == shipped


def test_a_session_that_holds_on_is_ended(kept: Lab) -> None:
    kept.database.hold("nightly-export", "SELECT count(*) FROM merchants", 300)
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nightly-export'"
    wait_until(lambda: int(kept.database.server.run(count).strip()), what="the session", timeout=15)
    undo.replay(kept)
    assert int(kept.database.server.run(count).strip()) == 0


def test_nobody_queues_behind_a_change_of_the_schema_that_waits_for_a_reader(kept: Lab) -> None:
    kept.database.hold("long-look", "SELECT count(*) FROM merchants", READS_S)
    migration = Migration("0044_note", up="ALTER TABLE merchants ADD IF NOT EXISTS note text;", down=NOTE_GONE)
    with ThreadPoolExecutor(1) as pool:
        change = pool.submit(kept.database.migrate, migration, author="a.n", summary="Room for a note")
        waits = []
        while not change.done():
            began = time.monotonic()
            kept.database.server.run("SELECT count(*) FROM merchants")
            waits.append(time.monotonic() - began)
        change.result()
    assert len(waits) > READS_S / 2, "the change came only when the reader had gone"
    assert max(waits) < READS_S / 4
    undo.replay(kept)


def test_a_statement_whose_client_was_killed_is_ended_before_anything_is_given_back(kept: Lab) -> None:
    kept.store.undo_log.add("database", "0043_left", {"sql": "SELECT 1;"})
    container = kept.stack.container("postgres").id
    command = ["docker", "exec", "--user", "postgres", container, "psql", "-qd", "payments", "-c", SLEEPS]
    client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: sessions(kept, SLEEPS), what="the statement", timeout=15)
    client.kill()
    client.wait()
    assert sessions(kept, SLEEPS) == 1, "it goes on without its client"
    undo.replay(kept)
    assert sessions(kept, SLEEPS) == 0


def test_a_helper_that_was_left_is_seen_and_ended(kept: Lab) -> None:
    docker, project = kept.stack.docker, kept.stack.project
    kept.network.lose("risk", "redis", 0.01)
    image = kept.stack.container("redis").image
    docker.run("run", "--detach", "--label", f"{helper.LABEL}={project}", image, "sleep", "300")
    assert len(helper.left(docker, project)) == 1
    undo.replay(kept)
    assert helper.left(docker, project) == []


def rate(lab: Lab, promql: str) -> float:
    return lab.metrics.scalar(promql) or 0.0


def test_a_flag_and_the_load_are_taken_over_without_a_restart(kept: Lab) -> None:
    looks = 'sum(rate(db_client_operation_duration_seconds_count{job="risk",db_query_summary="SELECT payments"}[20s]))'
    asked = 'sum by (endpoint) (rate(client_request_duration_seconds_count{{endpoint="{}"}}[10s]))'
    history, checkout = asked.format("history"), asked.format("checkout")
    total = "sum(rate(client_request_duration_seconds_count[10s]))"
    containers = [each.id for service in ("risk", "clients") for each in kept.stack.ps(service)]
    usual = kept.rps

    wait_until(lambda: rate(kept, looks) > 0.1, what="close looks", timeout=30)
    wait_until(lambda: rate(kept, history) > 0.5, what="looks at histories", timeout=30)
    kept.flags.switch("close-look", "off", author="p.novak", summary="Spare the database")
    kept.load.shift(history=3.0, checkout=0.5)
    wait_until(lambda: rate(kept, looks) == 0, what="no close look", timeout=30)
    wait_until(lambda: rate(kept, history) > 0.3 * usual, what="three times as many looks at histories", timeout=30)
    wait_until(lambda: rate(kept, checkout) < 0.42 * usual, what="half as many checkouts", timeout=30)
    undo.replay(kept)
    wait_until(lambda: rate(kept, looks) > 0.1, what="close looks again", timeout=30)
    wait_until(lambda: rate(kept, history) < 0.22 * usual, what="as many as before", timeout=30)
    kept.load.shift(1.6)
    wait_until(lambda: rate(kept, total) > 1.3 * usual, what="more of everything", timeout=30)
    undo.replay(kept)
    wait_until(lambda: rate(kept, total) < 1.2 * usual, what="as much as before", timeout=30)
    assert [each.id for service in ("risk", "clients") for each in kept.stack.ps(service)] == containers
