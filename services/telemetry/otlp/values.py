"""OTLP attribute values as Python values and as text."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

SCALARS = {"string_value", "int_value", "bool_value", "double_value"}
Plain = str | bool | int | float | list["Plain"] | dict[str, "Plain"] | None


def plain(value: AnyValue) -> Plain:
    """Return a JSON-able value; bytes become base64 text."""
    which = value.WhichOneof("value")
    if which in SCALARS:
        scalar: Plain = getattr(value, which)
        return scalar
    match which:
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case "array_value":
            return [plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {item.key: plain(item.value) for item in value.kvlist_value.values}
    return None


def text(value: AnyValue) -> str:
    """Text as it is, nothing as "", everything else as JSON."""
    if value.WhichOneof("value") == "string_value":
        return value.string_value
    found = plain(value)
    return "" if found is None else found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def texts(attributes: Iterable[KeyValue]) -> dict[str, str]:
    """Attributes by key, as text."""
    return {item.key: text(item.value) for item in attributes}
