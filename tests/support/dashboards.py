"""The dashboards as Grafana reads them: their panels, their questions, and where their links lead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from labctl.base import paths

GRAFANA = paths.bundle_root() / "grafana"
FILES = sorted((GRAFANA / "dashboards").glob("*.json"))
Json = dict[str, Any]
RANGE = "20s"
"""What Grafana makes of $__rate_interval where scrapes come every second, and of $__auto over a few minutes."""
ALL = "gateway|payments|risk|ledger|jobs|postgres|redis"
"""What it makes of a variable of which everything is chosen: every container but those that serve the lab itself."""
_FIELD = re.compile(r"\$\{__field\.labels\.(\w+)(?::\w+)?\}")


def load(path: Path) -> Json:
    """Read one dashboard."""
    found: Json = json.loads(path.read_text("utf-8"))
    return found


def panels(dashboard: Json) -> list[Json]:
    """Return its panels without the rows' titles."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def every_panel() -> Iterator[tuple[str, Json]]:
    """Yield every panel of every dashboard, with a name for it."""
    for path in FILES:
        for panel in panels(load(path)):
            yield f"{path.stem}: {panel['title']}", panel


def filled(query: str, service: str = ALL) -> str:
    """Return a panel's query with its variables replaced."""
    return (
        query.replace("$__rate_interval", RANGE)
        .replace("$__auto", RANGE)
        .replace("$service", f"({service})" if "|" in service else service)
    )


def links(panel: Json) -> list[Json]:
    """Return the links that a panel's values have."""
    config = panel["fieldConfig"]
    found: list[Json] = list(config["defaults"].get("links", []))
    for override in config["overrides"]:
        found += [each for prop in override["properties"] if prop["id"] == "links" for each in prop["value"]]
    return found


def explored(url: str, labels: Mapping[str, str]) -> tuple[str, list[Json]]:
    """Return the data source and the queries that a link opens in Explore, for a value with these labels."""
    parts = urlsplit(_FIELD.sub(lambda found: labels[found[1]], url))
    assert parts.path == "/explore", url
    (pane,) = json.loads(parse_qs(parts.query)["panes"][0]).values()
    return pane["datasource"], pane["queries"]
