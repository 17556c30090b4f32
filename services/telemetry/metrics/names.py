"""Prometheus names of OTLP metrics and attributes, by OpenTelemetry's compatibility specification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

UNITS = {
    **{"d": "days", "h": "hours", "min": "minutes", "s": "seconds", "ms": "milliseconds", "us": "microseconds"},
    **{"ns": "nanoseconds", "By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "GiBy": "gibibytes"},
    **{"TiBy": "tibibytes", "KBy": "kilobytes", "MBy": "megabytes", "GBy": "gigabytes", "TBy": "terabytes"},
    **{"m": "meters", "V": "volts", "A": "amperes", "J": "joules", "W": "watts", "g": "grams"},
    **{"Cel": "celsius", "Hz": "hertz", "1": "", "%": "percent"},
}
PER_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}

MAX_REMEMBERED = 2048
"""Keys whose names are kept: services use a few hundred, each in every line."""
_BETWEEN_TOKENS = re.compile(r"[^a-zA-Z0-9:]+")
_INVALID_IN_LABEL = re.compile(r"[^a-zA-Z0-9_]+")
_UNDERSCORES = re.compile(r"_{2,}")


def metric_name(name: str, unit: str, *, counter: bool = False, gauge: bool = False) -> str:
    """Return the metric's Prometheus name, unit suffix and `_total` included; "" when nothing of the name is left."""
    tokens = _tokens(name)
    if not tokens:
        return ""
    tokens += _unit_tokens(unit, tokens)
    if counter:
        tokens = [*(part for part in tokens if part != "total"), "total"]
    elif gauge and unit == "1":
        tokens = [*(part for part in tokens if part != "ratio"), "ratio"]
    joined = "_".join(tokens)
    return f"_{joined}" if joined[0].isdigit() else joined


def unit_name(unit: str) -> str:
    """Return the unit in words ("bytes_per_second"), "" for none."""
    return "_".join(_unit_tokens(unit, []))


def _tokens(text: str) -> list[str]:
    """Split at everything else; joining again makes one underscore of several."""
    return [token for token in _BETWEEN_TOKENS.split(text) if token]


def _unit_tokens(unit: str, present: list[str]) -> list[str]:
    """Return the suffixes that a UCUM unit adds, without those that the name holds already."""
    main, _, per = (part.strip() for part in unit.partition("/"))
    wanted = _tokens(_word(main, UNITS))
    suffix = [] if "_".join(wanted) in present else wanted
    divisor = _tokens(_word(per, PER_UNITS))
    if divisor and "_".join(divisor) not in present:
        suffix += ["per", *divisor]
    return suffix


def _word(unit: str, words: Mapping[str, str]) -> str:
    """Return a unit's word, "" for annotations such as {request}."""
    return "" if "{" in unit or "}" in unit else words.get(unit, unit)


@lru_cache(MAX_REMEMBERED)
def label_name(key: str) -> str:
    """Return an attribute's key as a label name."""
    name = _UNDERSCORES.sub("_", _INVALID_IN_LABEL.sub("_", key)) or "_"
    return f"key_{name}" if name[0].isdigit() else name


def labels_of(attributes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Labels by name, in the order of the keys; values of keys that become the same name are joined with ";"."""
    labels: dict[str, str] = {}
    for key, value in sorted(attributes):
        name = label_name(key)
        labels[name] = f"{labels[name]};{value}" if name in labels else value
    return labels
