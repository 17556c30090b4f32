from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from labctl.base.errors import CatalogueError, NotFoundError
from labctl.catalogue import catalogue, drill_plans
from labctl.cli.drill_schema import schema
from tests.support.catalogue import FAULTS


def test_the_shipped_plans_name_no_fault_and_can_be_drawn() -> None:
    found = drill_plans.shipped()
    assert {f"{name}.yaml" for name in found} == {path.name for path in drill_plans.FOLDER.glob("*.yaml")}
    for name, plan in found.items():
        assert plan.about
        for each in plan.incidents:
            assert each.fault is None
            assert each.seed is not None
            assert catalogue.pick(FAULTS, each.seed, track=each.track, difficulty=each.difficulty)
        assert not any(fault.id in drill_plans.text(name) for fault in FAULTS)


def test_the_shipped_plans_are_as_the_schema_for_editors_says() -> None:
    for name in drill_plans.FIRST:
        Draft202012Validator(schema()).validate(yaml.safe_load(drill_plans.text(name)))


def test_a_plan_of_ones_own_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "monday.yaml"
    file.write_text("title: Monday\nincidents:\n  - draw: {}\n")
    assert drill_plans.parsed(drill_plans.text(str(file)), str(file)).title == "Monday"
    with pytest.raises(CatalogueError, match=r"tuesday\.yaml can't be read"):
        drill_plans.text(str(tmp_path / "tuesday.yaml"))


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        drill_plans.text("first-our")
    assert caught.value.near == "first-hour"
