from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.entry import ERROR, Entry
from services.telemetry.loki.extract import MAX_LABELS, parse_json, parse_logfmt


def from_json(line: str) -> dict[str, str]:
    entry = Entry(0, line, {})
    assert parse_json(entry)
    return entry.parsed


def from_logfmt(line: str) -> dict[str, str]:
    entry = Entry(0, line, {})
    assert parse_logfmt(entry)
    return entry.parsed


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ('{"a": "x", "n": 1.50, "i": 007}'.replace("007", "7"), {"a": "x", "n": "1.50", "i": "7"}),
        ('{"ok": true, "no": false, "none": null, "list": [1]}', {"ok": "true", "no": "false"}),
        ('{"http.status": 500, "request": {"size": 5, "deep": {"x": "y"}}}', None),
        ("{}", {}),
    ],
)
def test_json(line: str, labels: dict[str, str] | None) -> None:
    expected = {"http_status": "500", "request_size": "5", "request_deep_x": "y"} if labels is None else labels
    assert from_json(line) == expected


@pytest.mark.parametrize("line", ["", "plain text", "[1]", '"text"', '{"a": ', "[" * 60_000])
def test_a_line_that_is_no_object_says_so(line: str) -> None:
    assert from_json(line)[ERROR] == "JSONParserErr"


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("level=info msg=done", {"level": "info", "msg": "done"}),
        (r'msg="a \"b\"\n" n=5', {"msg": 'a "b"\n', "n": "5"}),
        ("alone x=", {"alone": "", "x": ""}),
        ('open="never closed', {"open": '"never', "closed": ""}),
        ("http.route=/x", {"http_route": "/x"}),
        ("", {}),
    ],
)
def test_logfmt(line: str, labels: dict[str, str]) -> None:
    assert from_logfmt(line) == labels


def test_labels_are_bounded() -> None:
    assert len(from_logfmt(" ".join(f"k{number}=v" for number in range(1000)))) == MAX_LABELS


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", ['a="' * 30_000, "=" * 60_000, '"' * 60_000, 'a="\\' * 20_000, " a" * 30_000])
def test_lines_made_to_hold_it_up(line: str) -> None:
    assert len(from_logfmt(line)) <= MAX_LABELS
    assert from_json(line)["__error__"] == "JSONParserErr"


@given(st.text())
def test_any_line_can_be_parsed(line: str) -> None:
    assert all(isinstance(value, str) for value in (from_json(line) | from_logfmt(line)).values())
