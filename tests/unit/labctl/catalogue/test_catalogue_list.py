from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError
from labctl.catalogue.catalogue_list import with_fault

ONE = '''"""The catalogue."""

from __future__ import annotations

CATALOGUE: tuple[str, ...] = (
    # first: a cache
    "risk-cache",  # as ever
    # and that is all
)  # no more
'''
IDS = st.from_regex(r"[a-z]{1,12}-[a-z]{1,12}", fullmatch=True)


def listed(source: str) -> list[str]:
    (assigned,) = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign)]
    assert isinstance(assigned.value, ast.Tuple)
    return [ast.literal_eval(each) for each in assigned.value.elts]


def test_a_fault_is_added_at_the_end_and_comments_stay_where_they_are() -> None:
    assert with_fault(ONE, "gateway-leak") == ONE.replace(")  # no more", '    "gateway-leak",\n)  # no more')


@settings(deadline=None)
@given(st.lists(IDS, min_size=1, max_size=20))
def test_a_list_grows_by_what_is_added_and_keeps_its_order(ids: list[str]) -> None:
    text = ONE
    for each in ids:
        text = with_fault(text, each)
    assert listed(text) == ["risk-cache", *ids]


@pytest.mark.parametrize(
    "source",
    ["", "CATALOGUE = ()", "CATALOGUE: list = []", 'CATALOGUE: tuple[str, ...] = ("a-b",)', ONE.replace('he",', 'he"')],
)
def test_what_is_no_such_list_is_left_to_people(source: str) -> None:
    with pytest.raises(CatalogueError, match="not a list that labctl can add to"):
        with_fault(source, "risk-cache")
