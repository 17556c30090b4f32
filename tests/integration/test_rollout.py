"""Rolling a service out on a real lab: no request fails, one container is left, and compose takes it for its own."""

from __future__ import annotations

import json

import pytest

from labctl.base.errors import LabctlError
from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from tests.support import clients_seen

pytestmark = pytest.mark.lab

IN_FLIGHT = 40
"""More answers than can be on their way to the clients, or from their counters to Prometheus."""
OF_ITSELF = 1
"""A healthy lab fails about one checkout in a thousand; a roll-out that loses requests loses a second's worth."""


@pytest.mark.parametrize("service", ["payments", "risk", "gateway"])
def test_no_more_requests_fail_than_of_themselves_while_a_service_is_replaced(lab: Lab, service: str) -> None:
    old = lab.stack.container(service)
    clients_seen.wait_for_more(lab, IN_FLIGHT)
    before = clients_seen.failures(lab)
    lab.stack.rollout(service)
    clients_seen.wait_for_more(lab, IN_FLIGHT)
    assert clients_seen.failures(lab) - before <= OF_ITSELF
    (new,) = lab.stack.ps(service)
    assert new.id != old.id


def test_the_next_up_leaves_the_new_container_alone(lab: Lab) -> None:
    lab.stack.rollout("risk")
    ids = {each.id for each in lab.stack.ps()}
    lab.stack.up()
    assert {each.id for each in lab.stack.ps()} == ids


def test_the_container_figures_follow(lab: Lab) -> None:
    lab.stack.rollout("risk")
    new = lab.stack.container("risk").id
    listed = json.loads((lab.folder / "run" / "containers.json").read_text())["containers"]
    assert [each["id"] for each in listed if each["service"] == "risk"] == [new]
    query = f'container_start_time_seconds{{service="risk",container_id=~"{new[:12]}.*"}}'
    wait_until(lambda: lab.metrics.scalar(query), what="figures of the new container", timeout=15)


def test_a_configuration_that_does_not_start_leaves_the_old_container_serving(lab: Lab) -> None:
    old = lab.stack.container("risk")
    text = lab.files.text("risk")
    lab.files.write("risk", text.replace("DB_POOL_MAX=", "DB_POOL_MAX=x"))
    try:
        with pytest.raises(LabctlError):
            lab.stack.rollout("risk")
    finally:
        lab.files.write("risk", text)
    assert [each.id for each in lab.stack.ps("risk")] == [old.id]
    assert lab.stack.container("risk").running
