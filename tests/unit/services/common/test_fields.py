from __future__ import annotations

import re
from typing import Any

import pytest

from services.common.fields import INT4_MAX, Fields, is_uuid, path_integer
from services.common.problem import ProblemError


@pytest.mark.parametrize("value", [True, False, 1.0, "1", None, 0, -1, INT4_MAX + 1, [], {}])
def test_what_is_no_positive_integer(value: Any) -> None:
    fields = Fields({"n": value})
    fields.integer("n")
    assert fields.errors == [{"pointer": "#/n", "detail": f"must be a whole number from 1 to {INT4_MAX}"}]


def test_good_fields_leave_no_error() -> None:
    fields = Fields({"n": 5, "word": "b", "text": "xyz", "inner": {"n": 6}})
    assert fields.integer("n") == 5
    assert fields.choice("word", ("a", "b")) == "b"
    assert fields.text("text", re.compile("[x-z]+"), "letters") == "xyz"
    assert fields.object("inner").integer("n") == 6
    fields.done()


def test_all_errors_are_told_at_once_with_their_place() -> None:
    fields = Fields({"word": [], "text": "xyz\n", "inner": {"n": "6"}})
    fields.integer("n")
    fields.choice("word", ("a", "b"))
    fields.text("text", re.compile("[x-z]+"), "letters")
    fields.object("inner").integer("n")
    with pytest.raises(ProblemError) as caught:
        fields.done()
    errors: Any = caught.value.members["errors"]
    assert [error["pointer"] for error in errors] == ["#/n", "#/word", "#/text", "#/inner/n"]


def test_a_missing_object_is_one_error() -> None:
    fields = Fields({})
    fields.object("inner").integer("n")
    assert [error["pointer"] for error in fields.errors] == ["#/inner"]


def test_uuids() -> None:
    assert is_uuid("01234567-89ab-cdef-0123-456789ABCDEF")
    for odd in ("", "0123456789abcdef0123456789abcdef", "{01234567-89ab-cdef-0123-456789abcdef}", "x" * 36):
        assert not is_uuid(odd)
    assert not is_uuid("01234567-89ab-cdef-0123-456789abcdef\n")


def test_integers_in_paths() -> None:
    assert path_integer("42") == 42
    assert path_integer("007") == 7
    for odd in ("", "0", "-1", "+1", "1.0", " 1", "\u0661", "1" * 20, str(INT4_MAX + 1), "1_0"):
        assert path_integer(odd) is None
