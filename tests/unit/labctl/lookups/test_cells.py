from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import adapters

from labctl.lookups.cells import MOST_LEVELS, Cell, Column, ServerText, as_json, as_text, columns_of, shown

CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


def oid(name: str) -> int:
    info = adapters.types.get(name)
    assert info is not None
    return info.oid


def test_columns_are_named_by_the_server_s_types() -> None:
    described = [("id", oid("int8")), ("tags", adapters.types["text"].array_oid), ("state", 99_999)]

    assert columns_of(adapters.types, described) == (
        Column("id", "int8"),
        Column("tags", "text[]"),
        Column("state", "oid 99999"),
    )


@pytest.mark.parametrize("data", [b"1 mon 2 days", memoryview(b"1 mon 2 days"), bytearray(b"1 mon 2 days")])
def test_a_value_is_the_server_s_text(data: bytes) -> None:
    assert ServerText(oid("interval")).load(data) == "1 mon 2 days"


def test_bytes_that_are_no_text_are_marked_rather_than_an_error() -> None:
    assert ServerText(oid("text")).load(b"caf\xe9") == "caf\ufffd"


@pytest.mark.parametrize(
    ("cell", "text"), [(None, "NULL"), (True, "t"), (False, "f"), (0, "0"), ("", ""), (0.1, "0.1"), ("NULL", "NULL")]
)
def test_cells_are_shown_as_psql_does(cell: Cell, text: str) -> None:
    assert shown(cell) == text


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ('{"a": [1, null]}', "jsonb", {"a": [1, None]}),
        ("null", "json", None),
        (None, "jsonb", None),
        ('{"a": 1}', "text", '{"a": 1}'),
        ("1.10", "numeric", "1.10"),
        (math.nan, "float8", "NaN"),
        (math.inf, "float8", "Infinity"),
        (-math.inf, "float4", "-Infinity"),
        (2**62, "int8", 2**62),
        (True, "bool", True),
        ("\\x00ff", "bytea", "\\x00ff"),
    ],
)
def test_json_keeps_what_it_can_and_the_text_of_the_rest(cell: Cell, kind: str, value: object) -> None:
    assert as_json(cell, Column("x", kind)) == value


@given(CELLS, st.sampled_from(["text", "float8", "numeric"]))
def test_every_cell_is_json(cell: Cell, kind: str) -> None:
    value = as_json(cell, Column("x", kind))
    assert json.loads(json.dumps(value, allow_nan=False)) == value


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 3000, 50_000])
def test_a_document_that_is_nested_too_deep_stays_text(levels: int) -> None:
    text = "[" * levels + "]" * levels
    assert as_json(text, Column("a", "json")) == text
    assert as_json("[" * 50 + "]" * 50, Column("a", "json")) != "[" * 50 + "]" * 50


@given(CELLS.filter(lambda cell: not isinstance(cell, float) or math.isfinite(cell)))
def test_a_cell_that_came_as_json_is_shown_as_the_server_s_own(cell: Cell) -> None:
    column = Column("c", "text")
    assert shown(as_text(as_json(cell, column), column)) == shown(cell)


@pytest.mark.parametrize("text", ['{"a": [1, null]}', "[]", "true", "5", '{"ö": "ü"}'])
def test_a_document_that_came_as_json_is_text_again(text: str) -> None:
    column = Column("c", "jsonb")
    assert as_text(as_json(text, column), column) == text


def test_a_plan_is_text_of_several_lines() -> None:
    column = Column("QUERY PLAN", "json")
    assert str(as_text([{"Plan": {}}], column)).count("\n") == 4
