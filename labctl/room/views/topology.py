"""Topology: what calls what, as a graph and as a table, live, healthy beside now."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from labctl.actions import topology
from labctl.actions.topology import Compared
from labctl.room.problems import Part
from labctl.room.site import here
from labctl.room.view import View, looked, page
from labctl.room.views.graphs import graph

WINDOWS = ("30s", "1m", "5m")


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/topology", endpoint="topology")
    def show() -> Response:
        window = request.args.get("window", "") or "1m"
        found: Part[Any] = looked(lambda: topology.compared(here().lab, window))
        compared = found.value if isinstance(found.value, Compared) else None
        drawn = graph(compared) if compared else None
        return page(
            "topology.html",
            found.status,
            window=window,
            windows=WINDOWS,
            problem=found.problem,
            compared=compared,
            drawn=drawn,
            graph=json.dumps(drawn.as_json) if drawn else "",
        )


VIEW = View("topology", "Topology", "o", add)
