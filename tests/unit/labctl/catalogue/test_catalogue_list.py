from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError
from labctl.catalogue.catalogue_list import with_fault

ONE = '''"""The catalogue."""

from __future__ import annotations

from faults import risk_cache
from labctl.model.fault import Fault

FAULTS: tuple[Fault, ...] = (risk_cache.FAULT,)
'''
MODULES = st.from_regex(r"[a-z]{1,12}_[a-z]{1,12}", fullmatch=True)


def imported(source: str) -> list[str]:
    return [each.name for node in ast.parse(source).body if isinstance(node, ast.ImportFrom) for each in node.names]


def listed(source: str) -> list[str]:
    (assigned,) = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign)]
    assert isinstance(assigned.value, ast.Tuple)
    return [ast.unparse(each) for each in assigned.value.elts]


def test_a_fault_is_imported_and_added_at_the_end() -> None:
    assert with_fault(ONE, "gateway_leak") == ONE.replace(
        "from faults import risk_cache", "from faults import gateway_leak, risk_cache"
    ).replace("(risk_cache.FAULT,)", "(\n    risk_cache.FAULT,\n    gateway_leak.FAULT,\n)")


@settings(deadline=None)
@given(st.lists(MODULES, unique=True, min_size=1, max_size=20))
def test_a_list_grows_by_what_is_added_and_keeps_its_order(modules: list[str]) -> None:
    text = ONE
    for module in modules:
        text = with_fault(text, module)
    assert listed(text) == ["risk_cache.FAULT", *(f"{module}.FAULT" for module in modules)]
    assert [each for each in imported(text) if each not in ("annotations", "Fault")] == sorted({"risk_cache", *modules})
    assert text.startswith('"""The catalogue."""\n')
    assert "from labctl.model.fault import Fault\n" in text


STACKED = """from faults import (
    a_b,  # the first
    c_d
)

FAULTS: tuple[Fault, ...] = (
    c_d.FAULT,
    # last: nothing is wrong
    a_b.FAULT  # as ever
    # and that is all
)  # no more
"""


def test_comments_stay_where_they_are() -> None:
    text = with_fault(with_fault(STACKED, "b_c"), "e_f")
    assert imported(text) == ["a_b", "b_c", "c_d", "e_f"]
    assert listed(text) == ["c_d.FAULT", "a_b.FAULT", "b_c.FAULT", "e_f.FAULT"]
    kept = (
        "    a_b,  # the first\n",
        "    # last: nothing is wrong\n    a_b.FAULT,  # as ever\n    # and that is all\n",
        ")  # no more\n",
    )
    assert all(each in text for each in kept)


@pytest.mark.parametrize("odd", ["a_b.FAULT ,", "(a_b.FAULT),", "a_b.FAULT  # x\n    ,"])
def test_what_can_not_be_added_to_is_left_to_people(odd: str) -> None:
    text = STACKED.replace("a_b.FAULT  # as ever", odd)
    try:
        grown = with_fault(text, "e_f")
    except CatalogueError:
        return
    assert listed(grown) == ["c_d.FAULT", "a_b.FAULT", "e_f.FAULT"]


def test_a_comment_after_a_short_list_stays_too() -> None:
    assert with_fault(ONE.replace("FAULT,)", "FAULT,)  # no more"), "b_c").endswith(")  # no more\n")


@pytest.mark.parametrize("source", ["", "FAULTS = ()", "from faults import a\nFAULTS: list = []"])
def test_what_is_no_such_list_is_left_alone(source: str) -> None:
    with pytest.raises(CatalogueError, match="not a list that labctl can add to"):
        with_fault(source, "risk_cache")
