"""Reading a dashboard from the document that Grafana keeps of it. Pure: the document is the parsed JSON.

What is not drawn here is said in the panel that asks for it: its type, an option, a property, another data source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from labctl.model import dashboard_style
from labctl.model.dashboard import Dashboard, Legend, Look, Panel, Place, Row, Target, Variable

Json = dict[str, Any]
KINDS = frozenset({"timeseries", "stat", "table", "logs", "text"})
SOURCES = frozenset({"prometheus", "loki"})
FIGURES = frozenset({"lastNotNull", "last", "max", "min", "mean", "sum", "firstNotNull", "first", "range", "count"})
_LABEL_VALUES = re.compile(r"\s*label_values\(\s*(.+?)\s*,\s*([A-Za-z_][A-Za-z0-9_]*)\s*\)\s*", re.DOTALL)
_SPAN = re.compile(r"now-(\d+[smh])")
_ALL = "$__all"
_PANEL_KEYS = frozenset(
    {
        *("id", "type", "title", "description", "datasource", "gridPos", "fieldConfig", "options", "targets", "links"),
        *("transparent", "pluginVersion", "collapsed", "panels", "maxDataPoints"),
    }
)
_TARGET_KEYS = frozenset(
    {
        *("refId", "expr", "legendFormat", "datasource", "instant", "range", "format", "exemplar", "queryType"),
        *("maxLines", "editorMode", "direction", "intervalFactor", "hide"),
    }
)
_OPTIONS: dict[str, dict[str, frozenset[Any] | None]] = {
    "timeseries": {
        "legend.displayMode": frozenset({"list", "table", "hidden"}),
        **dict.fromkeys(("legend.placement", "legend.showLegend", "legend.sortBy", "legend.sortDesc", "legend.width")),
        "legend.calcs": FIGURES,
        **dict.fromkeys(("tooltip.mode", "tooltip.sort", "tooltip.hideZeros", "tooltip.maxHeight")),
    },
    "stat": {
        "colorMode": frozenset({"value", "background", "background_solid", "none"}),
        "graphMode": frozenset({"area", "none"}),
        "textMode": frozenset({"auto", "value", "value_and_name", "name", "none"}),
        "reduceOptions.calcs": FIGURES,
        "reduceOptions.values": frozenset({False}),
        "reduceOptions.fields": frozenset({""}),
        **dict.fromkeys(("justifyMode", "orientation", "wideLayout", "percentChangeColorMode")),
        "showPercentChange": frozenset({False}),
    },
    "table": {
        "showHeader": None,
        "cellHeight": None,
        "sortBy": None,
        "footer.show": frozenset({False}),
        **dict.fromkeys(("footer.reducer", "footer.countRows", "footer.fields", "footer.enablePagination")),
    },
    "logs": {
        "sortOrder": frozenset({"Descending", "Ascending"}),
        "dedupStrategy": frozenset({"none"}),
        **dict.fromkeys(("showTime", "showLabels", "showCommonLabels", "wrapLogMessage", "prettifyLogMessage")),
        **dict.fromkeys(("enableLogDetails", "enableInfiniteScrolling", "displayedFields", "fontSize")),
    },
    "text": {"mode": frozenset({"markdown"}), "content": None},
}
"""The options of each kind of panel, and the values that are drawn; None for any."""


def dashboard(document: Json) -> Dashboard:
    """Return the dashboard of a document. Raises KeyError, TypeError, ValueError for what is no dashboard."""
    said: list[str] = []
    span = _SPAN.fullmatch(document.get("time", {}).get("from", ""))
    return Dashboard(
        uid=str(document["uid"]),
        title=str(document["title"]),
        description=str(document.get("description", "")),
        span=span[1] if span else "15m",
        rows=tuple(_rows(document["panels"])),
        variables=tuple(_variables(document.get("templating", {}).get("list", ()), said)),
        unsupported=tuple(dict.fromkeys(said)),
    )


def _rows(panels: list[Json]) -> Iterator[Row]:
    """Yield the rows: a panel belongs to the row above it; those of a closed row are inside it."""
    row, own = Row("", ()), list[Panel]()
    for each in sorted(panels, key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"])):
        if each["type"] != "row":
            own.append(panel_of(each))
            continue
        if own or row.title:
            yield replace(row, panels=tuple(own))
        row = Row(str(each.get("title", "")), (), closed=bool(each.get("collapsed")))
        own = [panel_of(inside) for inside in each.get("panels", ())]
    if own or row.title:
        yield replace(row, panels=tuple(own))


def panel_of(document: Json) -> Panel:
    """Return one panel; one of a kind that is not drawn says so, and has nothing else."""
    kind = str(document["type"])
    grid = document["gridPos"]
    bare = Panel(
        id=int(document["id"]),
        kind=kind,
        title=str(document.get("title", "")),
        place=Place(*(int(grid[key]) for key in ("x", "y", "w", "h"))),
        description=str(document.get("description", "")),
    )
    if kind not in KINDS:
        return replace(bare, unsupported=(f"the panel type {kind}",))
    said = [key for key, value in document.items() if key not in _PANEL_KEYS and value]
    fields, options = document.get("fieldConfig", {}), document.get("options", {})
    said += _refused(kind, options)
    return replace(
        bare,
        targets=tuple(_targets(document, said)),
        style=dashboard_style.style(fields.get("defaults", {}), said),
        overrides=dashboard_style.overrides(fields.get("overrides", []), said),
        look=_look(options),
        unsupported=tuple(dict.fromkeys(said)),
    )


def _targets(document: Json, said: list[str]) -> Iterator[Target]:
    whole = document.get("datasource") or {}
    for each in document.get("targets", ()):
        if each.get("hide"):
            continue
        source = (each.get("datasource") or whole).get("type", "prometheus")
        said += [f"a query's {key}" for key, value in each.items() if key not in _TARGET_KEYS and value]
        if source not in SOURCES or each.get("format", "time_series") not in ("time_series", "table"):
            said.append(f"the data source {source}" if source not in SOURCES else f"the format {each['format']}")
            continue
        yield Target(
            ref=str(each.get("refId", "A")),
            source=source,
            query=str(each["expr"]),
            legend="" if each.get("legendFormat") == "__auto" else str(each.get("legendFormat", "")),
            instant=bool(each.get("instant")) and not each.get("range"),
            exemplars=bool(each.get("exemplar")),
            most_lines=int(each.get("maxLines") or 100),
        )


def _refused(kind: str, options: Json) -> Iterator[str]:
    known = _OPTIONS[kind]
    for name, value in _flat(options):
        if name not in known:
            yield f"the option {name}"
            continue
        allowed = known[name]
        wrong = [one for one in (value if isinstance(value, list) else [value]) if allowed and one not in allowed]
        yield from (f"{name}: {one}" for one in wrong)


def _flat(options: Json, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in options.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _look(options: Json) -> Look:
    legend, order = options.get("legend", {}), (options.get("sortBy") or [{}])[0]
    shown = legend.get("showLegend", True) and legend.get("displayMode") != "hidden"
    return Look(
        legend=Legend(
            shown=bool(shown),
            table=legend.get("displayMode") == "table",
            figures=tuple(map(str, legend.get("calcs", ()))),
            sort_by=str(legend.get("sortBy") or ""),
            descending=bool(legend.get("sortDesc")),
        ),
        figure=str((options.get("reduceOptions", {}).get("calcs") or ["lastNotNull"])[0]),
        color=str(options.get("colorMode", "value")).removesuffix("_solid"),
        curve=options.get("graphMode", "area") == "area",
        text=str(options.get("textMode", "auto")),
        content=str(options.get("content", "")),
        oldest_first=options.get("sortOrder") == "Ascending",
        sort_by=str(order.get("displayName", "")),
        descending=bool(order.get("desc")),
        header=bool(options.get("showHeader", True)),
    )


def _variables(documents: list[Json], said: list[str]) -> Iterator[Variable]:
    for each in documents:
        kind, query = each["type"], each.get("query", "")
        text = str(query.get("query", "") if isinstance(query, dict) else query)
        asked = _LABEL_VALUES.fullmatch(text)
        if kind not in ("query", "custom", "constant") or (kind == "query" and not asked):
            said.append(f"the variable {each['name']}")
            continue
        chosen = each.get("current", {}).get("value", ())
        values = tuple(map(str, chosen if isinstance(chosen, list | tuple) else (chosen,)))
        listed = tuple(part.strip() for part in text.split(",") if part.strip())
        yield Variable(
            name=str(each["name"]),
            label=str(each.get("label") or each["name"]),
            description=str(each.get("description", "")),
            label_of=(asked[1], asked[2]) if asked else None,
            options=() if asked else listed,
            several=bool(each.get("multi")),
            all=bool(each.get("includeAll")),
            all_value=str(each.get("allValue") or ""),
            chosen=() if _ALL in values else values if kind != "constant" else listed,
            hidden=each.get("hide") == _HIDDEN or kind == "constant",
        )


_HIDDEN = 2
