from __future__ import annotations

import pytest

from labctl.base.errors import CatalogueError
from labctl.base.yaml_parts import whole


def test_a_part_knows_its_field_and_its_line() -> None:
    teams = whole("title: A\nteams:\n  - name: blue\n  - nam: green\n", "f.yaml", ("title", "teams")).fields(
        ("title", "teams")
    )["teams"]
    first, second = teams.items("teams", 2)
    assert first.fields(("name",))["name"].text() == "blue"
    with pytest.raises(CatalogueError) as caught:
        second.fields(("name",))
    assert caught.value.what == "f.yaml, line 4: teams[2].nam: no such field"
    assert caught.value.expected == "did you mean 'name'?"


@pytest.mark.parametrize(
    ("text", "what"),
    [("a: [", "line 1"), ("", "is empty"), ("[" * 3000, "nested too deep"), ("- a", "plan: is no mapping")],
)
def test_what_is_no_plan_is_said(text: str, what: str) -> None:
    with pytest.raises(CatalogueError, match=what):
        whole(text, "f.yaml", ("a",)).fields(("a",))


def test_a_list_has_at_least_one_and_not_too_many() -> None:
    with pytest.raises(CatalogueError, match="is no list of teams"):
        list(whole("[]", "f.yaml", ()).items("teams", 2))
    with pytest.raises(CatalogueError, match="has 3 teams") as caught:
        list(whole("[a, b, c]", "f.yaml", ()).items("teams", 2))
    assert caught.value.expected == "at most 2"
