from __future__ import annotations

import pytest
import yaml

from labctl.base.paths import bundle_root
from labctl.model import services
from labctl.model.services import RollOut
from labctl.model.vocabulary import Component

COMPOSE = yaml.safe_load((bundle_root() / "compose" / "lab.yml").read_text())["services"]


def test_the_table_has_what_the_stack_has() -> None:
    # Both exporters run one image.
    assert set(COMPOSE) - {"postgres-exporter", "redis-exporter"} == set(services.SERVICES) - {"exporters"}


def test_every_service_with_sources_has_a_version() -> None:
    for name in services.with_sources():
        assert (bundle_root() / str(services.known(name).sources) / "VERSION").is_file()


def test_whoever_is_asked_is_there_and_every_component_too() -> None:
    for one, other in services.architecture():
        assert {one, other} <= set(services.SERVICES)
    links = [component.split("-") for component in Component if "-" in component]
    assert all(services.talk(one, other) or other in services.known(one).reaches for one, other in links)


@pytest.mark.parametrize("name", services.STARTS_FIRST)
def test_what_starts_first_is_there(name: str) -> None:
    assert name in services.SERVICES


def test_what_keeps_state_is_not_started_twice() -> None:
    volumes = {name for name, each in COMPOSE.items() if any("-data:" in str(one) for one in each.get("volumes", ()))}
    assert volumes
    assert all(services.known(name).roll_out is not RollOut.SIDE_BY_SIDE for name in volumes)


def test_what_is_not_in_the_table_says_nothing_of_itself() -> None:
    assert services.known("grafana").ready is None
    assert services.known("grafana").roll_out is RollOut.IN_PLACE
