from __future__ import annotations

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue, KeyValueList

from services.telemetry.otlp.values import Plain, plain, text, texts
from tests.support.otlp import Value, any_value, attributes


@pytest.mark.parametrize(
    ("value", "as_plain", "as_text"),
    [
        ("é", "é", "é"),
        (True, True, "true"),
        (200, 200, "200"),
        (1.5, 1.5, "1.5"),
        (b"\x00\xff", "AP8=", "AP8="),
        (["a", "b"], ["a", "b"], '["a", "b"]'),
    ],
)
def test_every_kind(value: Value, as_plain: Plain, as_text: str) -> None:
    assert plain(any_value(value)) == as_plain
    assert text(any_value(value)) == as_text


def test_a_map_is_an_object() -> None:
    inner = KeyValue(key="n", value=AnyValue(int_value=1))
    value = AnyValue(kvlist_value=KeyValueList(values=[inner]))
    assert plain(value) == {"n": 1}
    assert text(value) == '{"n": 1}'


def test_nothing_is_empty_text() -> None:
    assert plain(AnyValue()) is None
    assert text(AnyValue()) == ""


def test_attributes_by_key() -> None:
    assert texts(attributes({"a": 1, "b": "x"})) == {"a": "1", "b": "x"}
