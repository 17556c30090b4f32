from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError, LabctlError
from labctl.base.names import check_name
from labctl.cli import gameday_schema
from labctl.gameday import plan as plans

WHOLE = """title: The first day
name: first
teams:
  - name: blue
    members: [Ada, Grace Hopper]
  - name: green
incidents:
  - draw: {difficulty: 2, seed: 7}
    limit: 20m
rps: 5
spares: 2
hosts:
  - name: local
hub:
  bind: 0.0.0.0
  port: 8443
  url: https://training.example/day/
  proxies: [10.0.0.1]
"""


def test_reads_a_whole_plan() -> None:
    plan = plans.read(WHOLE, "plan.yaml")
    assert [(each.name, each.members) for each in plan.teams] == [("blue", ("Ada", "Grace Hopper")), ("green", ())]
    assert (plan.incidents[0].seed, plan.incidents[0].limit_s, plan.drill) == (7, 1200.0, "first")
    assert (plan.hub.address, plan.hub.prefix) == ("https://training.example/day", "/day")
    assert plan.lab_of("blue") == "first-blue"
    assert plan.spare_labs == ("first-1", "first-2")
    assert plans.from_document(json.loads(json.dumps(plans.to_document(plan)))) == plan


@pytest.mark.parametrize("said", ["local", "swarm"])
def test_the_labs_are_where_the_plan_says(said: str) -> None:
    text = WHOLE.replace("hosts:\n  - name: local\n", f"hosts: {said}\n")
    plan = plans.read(text, "plan.yaml")
    assert plan.hosts == said
    assert plans.from_document(json.loads(json.dumps(plans.to_document(plan)))) == plan
    jsonschema.validate(yaml.safe_load(text), gameday_schema.schema())


def test_an_unknown_place_is_refused_by_line_and_field() -> None:
    with pytest.raises(CatalogueError, match=r"plan.yaml, line 12: hosts: 'cloud' is not known"):
        plans.read(WHOLE.replace("hosts:\n  - name: local\n", "hosts: cloud\n"), "plan.yaml")


def test_the_sample_is_one_that_fits_a_small_host() -> None:
    plan = plans.load(plans.SAMPLE)
    assert (len(plan.teams), plan.spares, plan.rps) == (3, 0, 5)
    assert len(plan.incidents) == 2


@pytest.mark.parametrize("file", [plans.SAMPLE, None])
def test_the_schema_takes_what_is_read(file: Path | None) -> None:
    text = file.read_text("utf-8") if file else WHOLE
    jsonschema.validate(yaml.safe_load(text), gameday_schema.schema())


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("title: The first day\n", ""), 1, "title is missing"),
        (("name: green", "name: blue"), 6, "teams[2].name: 'blue' is there twice"),
        (("name: green", "name: Green Team"), 6, "teams[2].name: 'Green Team' is no name"),
        (("Grace Hopper", "ada"), 5, "teams[1].members[2]: 'ada' is there twice"),
        (("Grace Hopper", "'<b>'"), 5, "teams[1].members[2]: that is no name"),
        (("rps: 5", "rps: 500"), 10, "rps: '500' is not allowed"),
        (("spares: 2", "spare: 2"), 11, "spare: no such field"),
        (("name: local", "name: other"), 13, "hosts[1].name: 'other' is not known"),
        (("port: 8443", "port: http"), 16, "hub.port: 'http' is not allowed"),
        (("https://training.example/day/", "javascript:alert(1)"), 17, "hub.url: 'javascript:alert(1)' is no address"),
        (("https://training.example/day/", "https://a.example/%2e%2e/"), 17, "hub.url"),
        (("https://training.example/day/", "https://u:p@a.example/"), 17, "hub.url"),
        (("bind: 0.0.0.0", "bind: everywhere"), 15, "hub.bind: 'everywhere' is no address"),
        (("  proxies: [10.0.0.1]\n", "  certificate: nowhere.pem\n"), 18, "hub.certificate: there is no file"),
        (("difficulty: 2", "difficulty: 9"), 8, "incidents[1].draw.difficulty: '9' is not allowed"),
        (("incidents:\n", "drill: first-hour\nincidents:\n"), 1, "needs either a drill or incidents"),
        (("  url: https://training.example/day/\n", ""), 15, "hub: url is missing"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_field(change: tuple[str, str], line: int, field: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        plans.read(WHOLE.replace(*change), "plan.yaml")
    assert caught.value.what.startswith("plan.yaml, line ")
    assert field in caught.value.what
    assert caught.value.expected
    assert abs(int(caught.value.what.split("line ")[1].split(":")[0]) - line) <= 1


def test_a_drill_can_be_a_file_beside_the_plan(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("title: Ours\nincidents:\n  - draw: {seed: 3}\n")
    (tmp_path / "plan.yaml").write_text("title: A day\nteams: [{name: blue}]\ndrill: ours.yaml\n")
    plan = plans.load(tmp_path / "plan.yaml")
    assert (plan.drill, plan.incidents[0].seed) == ("ours", 3)
    assert plan.hub.address == "http://127.0.0.1:8080"


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"can't be read") as caught:
        plans.load(tmp_path / "plan.yaml")
    assert "labctl gameday new" in caught.value.todo


@given(st.text(max_size=60))
def test_any_title_gives_a_name_that_a_lab_can_have(title: str) -> None:
    assert check_name(f"{plans.slug(title)}-{'t' * 14}")


@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.integers(),
        lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(plans.FIELDS), some, max_size=4),
        max_leaves=8,
    )
)
def test_nothing_that_is_written_is_a_bug(document: object) -> None:
    try:
        plans.read(yaml.safe_dump(document), "plan.yaml")
    except LabctlError as problem:
        assert problem.what  # noqa: PT017 - that it is one of ours is the test
