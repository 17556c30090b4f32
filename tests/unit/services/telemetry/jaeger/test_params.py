from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from services.telemetry.jaeger.params import MAX_LIMIT, BadParameterError, TraceQuery, integer, tags, trace_id


def query(**args: str) -> TraceQuery:
    return TraceQuery.of(MultiDict({"service": "payments", **args}))


def test_everything_can_be_asked() -> None:
    found = query(
        operation="GET",
        start="1000",
        end="2000",
        minDuration="1.2s",
        maxDuration="1m",
        limit="5",
        tags='{"http.response.status_code": "500", "error": true}',
    )
    assert found == TraceQuery(
        service="payments",
        start=1000,
        end=2000,
        operation="GET",
        tags={"http.response.status_code": "500", "error": "true"},
        min_duration=1_200_000,
        max_duration=60_000_000,
        limit=5,
    )


def test_without_times_it_is_the_last_hour() -> None:
    found = query()
    assert found.end - found.start == 3_600_000_000
    assert found.limit == 100


def test_the_limit_is_limited() -> None:
    assert query(limit="999999999").limit == MAX_LIMIT


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"service": ""}, "'service' is required"),
        ({"start": "yesterday"}, "'start'"),
        ({"end": "-1"}, "'end'"),
        ({"limit": "1.5"}, "'limit'"),
        ({"limit": "٣"}, "'limit'"),
        ({"minDuration": "5"}, "'minDuration'"),
        ({"maxDuration": "fast"}, "'maxDuration'"),
        ({"minDuration": "2s", "maxDuration": "1s"}, "greater than 'minDuration'"),
        ({"tags": '{"a": '}, "cannot unmarshal JSON"),
        ({"tags": '{"a": "\\ud800"}'}, "surrogate"),
        ({"tags": "a=1 b"}, "position 4"),
        ({"tag": "no-colon"}, "expecting key:value"),
    ],
)
def test_errors_name_the_parameter(args: dict[str, str], words: str) -> None:
    with pytest.raises(BadParameterError, match=words):
        query(**args)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("error=true", {"error": "true"}),
        ("a=1 b=two", {"a": "1", "b": "two"}),
        (r'sql="SELECT \"x\"" c=', {"sql": 'SELECT "x"', "c": ""}),
        ("  ", {}),
    ],
)
def test_tags_in_logfmt(text: str, found: dict[str, str]) -> None:
    assert tags([text], []) == found


def test_tags_of_all_forms_come_together() -> None:
    assert tags(['{"a": "1"}', "b=2"], ["c:3:4"]) == {"a": "1", "b": "2", "c": "3:4"}


@given(st.text())
def test_any_tags_are_read_or_refused(text: str) -> None:
    try:
        found = tags([text], [])
    except BadParameterError:
        return
    assert all(isinstance(value, str) for value in found.values())


@pytest.mark.parametrize(("text", "expected"), [("1", "0" * 31 + "1"), ("ABCDEF" * 5, "00" + "abcdef" * 5)])
def test_short_trace_ids_are_padded(text: str, expected: str) -> None:
    assert trace_id(text).hex() == expected


@pytest.mark.parametrize("text", ["", "xyz", "0" * 33, "12-34"])
def test_malformed_trace_ids(text: str) -> None:
    with pytest.raises(BadParameterError, match="malformed trace id"):
        trace_id(text)


def test_huge_integers_stay_in_bounds() -> None:
    assert integer(MultiDict({"end": "9" * 19}), "end", 0) <= 2**62
