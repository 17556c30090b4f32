from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from labctl.base.errors import CatalogueError
from labctl.catalogue.drill_reading import read
from labctl.cli.drill_schema import schema
from labctl.model.drill import Planned

PLAN = """title: Monday
about: Two of them
incidents:
  - draw: {track: code, difficulty: 3, seed: 7}
    limit: 15m
    break: 1h30m
    fog: dense
  - fault: some-fault
"""


def test_reads_what_is_written() -> None:
    plan = read(PLAN, "monday.yaml")
    assert (plan.title, plan.about) == ("Monday", "Two of them")
    assert plan.incidents == (
        Planned(track="code", difficulty=3, seed=7, fog="dense", limit_s=900, break_s=5400),
        Planned(fault="some-fault"),
    )
    assert plan.incidents[0].what == "track code, difficulty 3, dense telemetry"
    assert plan.incidents[1].what == "chosen by the plan"


WRONG = (
    ("difficulty: 3", "difficulty: 6", "line 4: incidents[1].draw.difficulty: '6' is not allowed"),
    ("difficulty: 3", "difficulty: hard", "line 4: incidents[1].draw.difficulty: 'hard' is not allowed"),
    ("limit: 15m", "limit: 5m", "line 5: incidents[1].limit: 5m is out of range"),
    ("limit: 15m", "limit: soon", "line 5: incidents[1].limit: 'soon' is not a duration"),
    ("limit: 15m", "limits: 15m", "line 5: incidents[1].limits: no such field"),
    ("break: 1h30m", "limit: 15m", "line 6: incidents[1].limit: is there twice"),
    ("fog: dense", "fog: thick", "line 7: incidents[1].fog: 'thick' is not known"),
    ("fault: some-fault", "break: 5m", "line 8: incidents[2]: needs either a fault or a draw"),
    ("fault: some-fault", "fault: {a: b}", "line 8: incidents[2].fault: is no text"),
    ("fault: some-fault", "x", "line 8: incidents[2]: is no mapping"),
    ("title: Monday", "about: x", "line 2: about: is there twice"),
    ("title: Monday\n", "", "line 1: plan: title is missing"),
    ("title: Monday", "title: [", "line 3: expected"),
)


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[each[2] for each in WRONG])
def test_what_is_wrong_is_said_with_file_line_and_field(old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(PLAN.replace(old, new), "monday.yaml")
    assert caught.value.what.startswith(f"monday.yaml, {said}")
    assert caught.value.expected


@pytest.mark.parametrize("text", ["", "- a", "title: x\nincidents: []", "title: x\nincidents: 3", "[" * 5000, "a: *b"])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError):
        read(text, "x.yaml")


@given(st.text() | st.text(alphabet="title:incdraw fbk{}[]-\n 0123,").map(lambda text: "title: x\nincidents:\n" + text))
def test_any_text_is_a_plan_or_an_error_of_ours(text: str) -> None:
    with suppress(CatalogueError):
        assert read(text, "x.yaml").incidents


def test_the_schema_for_editors_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
