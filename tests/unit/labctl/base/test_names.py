from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EXIT_USAGE, InputError
from labctl.base.names import check_name, project_of

LETTERS = string.ascii_lowercase
names = st.builds(str.__add__, st.sampled_from(LETTERS), st.text(LETTERS + string.digits + "-", max_size=30))


@given(names)
def test_every_name_of_the_right_shape_is_allowed(name: str) -> None:
    assert check_name(name) == name
    assert project_of(name) == f"labctl-{name}"


@given(st.text())
def test_whatever_is_allowed_is_safe_in_paths_projects_and_command_lines(name: str) -> None:
    try:
        check_name(name)
    except InputError:
        return
    assert name[0] in LETTERS
    assert set(name) <= set(LETTERS + string.digits + "-")
    assert len(name) <= 31


WRONG = ("", "Lab", "1lab", "-lab", "a" * 32, "la b", "lab\n", "../lab", "läb", "lab;rm", "a_b")


@pytest.mark.parametrize("name", WRONG)
def test_other_names_are_usage_errors_that_say_what_is_allowed(name: str) -> None:
    with pytest.raises(InputError, match="is not a lab name") as caught:
        check_name(name)
    assert caught.value.exit_code == EXIT_USAGE
    assert "lower-case" in caught.value.expected
