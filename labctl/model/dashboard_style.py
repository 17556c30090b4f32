"""Reading how values look: Grafana's field configuration, by the names of its properties. Pure.

A property that is neither read nor without effect here is said, so that no panel is drawn otherwise than it was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from labctl.model.dashboard import Mapping, Override, Step, Style

Json = dict[str, Any]
Found = dict[str, Any]
COLOUR_MODES = frozenset({"fixed", "thresholds", "palette-classic", "palette-classic-by-name"})
WITHOUT_EFFECT = frozenset(
    {
        *(
            "custom.axisBorderShow",
            "custom.axisColorMode",
            "custom.barAlignment",
            "custom.barWidthFactor",
            "filterable",
        ),
        *("custom.gradientMode", "custom.hideFrom", "custom.insertNulls", "custom.lineInterpolation", "fieldMinMax"),
        *("custom.pointSize", "custom.axisGridShow", "custom.inspect", "custom.showValues", "custom.axisCenteredZero"),
        *("custom.filterable", "displayNameFromDS", "description", "links"),
    }
)
"""Finer points of Grafana's own look; and its links, which lead into Grafana: the room has its own."""
MATCHERS = {"byName": "name", "byRegexp": "regexp", "byFrameRefID": "query"}


class UnsupportedError(ValueError):
    """Something that is not drawn here; its text says what."""


def style(defaults: Json, said: list[str]) -> Style:
    """Return the style of all series; what is not supported is added to `said`."""
    return _style(_flat(defaults), said)


def overrides(documents: list[Json], said: list[str]) -> tuple[Override, ...]:
    """Return the styles of some series."""
    return tuple(_overrides(documents, said))


def _overrides(documents: list[Json], said: list[str]) -> Iterator[Override]:
    for each in documents:
        by = MATCHERS.get(each["matcher"]["id"])
        if by is None:
            said.append(f"an override by {each['matcher']['id']}")
            continue
        properties = {one["id"]: one.get("value") for one in each["properties"]}
        yield Override(by, str(each["matcher"].get("options", "")), _style(properties, said))


def _flat(defaults: Json) -> Found:
    own = {f"custom.{key}": value for key, value in defaults.get("custom", {}).items()}
    return {**{key: value for key, value in defaults.items() if key != "custom"}, **own}


def _style(properties: Found, said: list[str]) -> Style:
    found: Found = {}
    for name, value in properties.items():
        if name in WITHOUT_EFFECT or value is None:
            continue
        if name not in READERS:
            said.append(f"the property {name}")
            continue
        try:
            found.update(READERS[name](value))
        except UnsupportedError as what:
            said.append(str(what))
    return Style(**found)


def _as(name: str, kind: Callable[[Any], Any]) -> Callable[[Any], Found]:
    return lambda value: {name: kind(value)}


def _one_of(name: str, allowed: frozenset[str], said_as: str) -> Callable[[Any], Found]:
    def read(value: Any) -> Found:  # noqa: ANN401 - a part of a document
        if value not in allowed:
            raise UnsupportedError(f"{said_as}: {value}")
        return {name: value}

    return read


def _color(value: Json) -> Found:
    mode = value.get("mode", "")
    if mode not in COLOUR_MODES:
        raise UnsupportedError(f"color mode: {mode}")
    return {"color_mode": mode, **({"color": str(value.get("fixedColor", ""))} if mode == "fixed" else {})}


def _thresholds(value: Json) -> Found:
    steps = tuple(Step(_number(each.get("value")), str(each["color"])) for each in value.get("steps", ()))
    return {"steps": steps, "percent_steps": value.get("mode") == "percentage"}


def _number(value: Any) -> float | None:  # noqa: ANN401 - a part of a document
    return None if value is None else float(value)


def _mappings(value: list[Json]) -> Found:
    return {"mappings": tuple(one for each in value for one in _mapping(each))}


def _mapping(each: Json) -> Iterator[Mapping]:
    options = each.get("options", {})
    match each.get("type"):
        case "value":
            for number, shown in options.items():
                at = float(number)
                yield Mapping(at, at, str(shown.get("text", "")), str(shown.get("color", "")))
        case "range":
            shown = options["result"]
            low, high = (_number(options.get(end)) for end in ("from", "to"))
            yield Mapping(low, high, str(shown.get("text", "")), str(shown.get("color", "")))
        case "special" if options.get("match") in ("null", "nan", "null+nan", "empty"):
            shown = options["result"]
            yield Mapping(None, None, str(shown.get("text", "")), str(shown.get("color", "")), missing=True)
        case other:
            raise UnsupportedError(f"a value mapping: {other}")


def _stacking(value: Json) -> Found:
    return _one_of("stack", frozenset({"none", "normal", "percent"}), "stacking")(value.get("mode", "none"))


def _lines_at_thresholds(value: Json) -> Found:
    allowed = frozenset({"off", "line", "dashed", "area", "line+area", "dashed+area"})
    return _one_of("threshold_lines", allowed, "threshold style")(value.get("mode", "off"))


def _scale(value: Json) -> Found:
    if value.get("type", "linear") not in ("linear", "log"):
        raise UnsupportedError(f"scale: {value['type']}")
    return {"log": float(value.get("log", 2))} if value.get("type") == "log" else {}


def _line_style(value: Json) -> Found:
    if value.get("fill") == "dot":
        return {"dash": (1.0, 4.0)}
    return {"dash": tuple(float(each) for each in value.get("dash", (6, 4)))} if value.get("fill") == "dash" else {}


def _cell(value: Json) -> Found:
    if value.get("type", "auto") not in ("auto", "color-text"):
        raise UnsupportedError(f"table cells: {value['type']}")
    return {}


READERS: dict[str, Callable[[Any], Found]] = {
    "unit": _as("unit", str),
    "decimals": _as("decimals", float),
    "min": _as("min", float),
    "max": _as("max", float),
    "noValue": _as("no_value", str),
    "displayName": _as("name", str),
    "color": _color,
    "thresholds": _thresholds,
    "mappings": _mappings,
    "custom.axisSoftMin": _as("soft_min", float),
    "custom.axisSoftMax": _as("soft_max", float),
    "custom.drawStyle": _one_of("draw", frozenset({"line", "bars", "points"}), "draw style"),
    "custom.lineWidth": _as("width", float),
    "custom.fillOpacity": _as("fill", float),
    "custom.lineStyle": _line_style,
    "custom.showPoints": _one_of("points", frozenset({"never", "auto", "always"}), "points"),
    "custom.spanNulls": _as("span_gaps", bool),
    "custom.stacking": _stacking,
    "custom.thresholdsStyle": _lines_at_thresholds,
    "custom.axisPlacement": _one_of("axis", frozenset({"auto", "left", "right", "hidden"}), "axis"),
    "custom.axisLabel": _as("axis_label", str),
    "custom.scaleDistribution": _scale,
    "custom.hidden": _as("hidden", bool),
    "custom.align": _as("align", str),
    "custom.width": _as("column_width", float),
    "custom.minWidth": _as("column_width", float),
    "custom.cellOptions": _cell,
}
