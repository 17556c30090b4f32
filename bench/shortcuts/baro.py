"""BARO, a published method (FSE 2024, `fse-baro` on PyPI), on the metrics that a learner can export.

It is told when the anomaly began, and ranks metrics by how far they then left the range of before; the service of the
first one is its answer. It is an optional package: `pip install -r requirements/bench.lock`.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType

from bench.shortcuts.answers import Answer
from bench.shortcuts.rules import component_of
from bench.shortcuts.snapshot import Snapshot
from labctl.base.errors import HostError
from labctl.verify.dashboard_signals import COMPONENTS, OVERVIEW, RESOURCES

TIME = "time"
NAMES = {"p99": "latency", "memory": "mem", "requests": "workload", "errors": "error", "CPU": "cpu"}
"""What BARO's authors call the metrics that every service has; others have their panel's name."""


def require() -> ModuleType:
    """Import BARO and return its ranking. Raises HostError where it is not installed."""
    try:
        # Its import turns every warning of the process off; that ends here.
        with warnings.catch_warnings():
            return importlib.import_module("baro.root_cause_analysis")
    except ImportError as error:
        raise HostError(
            f"BARO can't be loaded: {error}",
            expected="the package fse-baro",
            todo=".venv/bin/python -m pip install --require-hashes --requirement requirements/bench.lock",
        ) from error


def baro(seen: Snapshot) -> Answer | None:
    """Return BARO's first service, told the page's time. Raises HostError where BARO is not installed."""
    return _first(ranking(exported(seen), seen.paged.start))


def baro_from_the_break(seen: Snapshot) -> Answer | None:
    """Return its first service when it is told the moment at which `labctl break` was typed, which no page tells."""
    return _first(ranking(exported(seen), seen.broken.start))


def _first(ranked: Sequence[str]) -> Answer | None:
    return Answer(ranked[0].partition("_")[0]) if ranked else None


def ranking(columns: Mapping[str, Sequence[float]], anomaly_at: float) -> list[str]:
    """Return BARO's ranking of the columns, which are named SERVICE_METRIC; `time` has their moments."""
    method = require()
    frame = importlib.import_module("pandas").DataFrame(dict(columns))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it scales series that hardly vary, and says so
        return [str(each) for each in method.robust_scorer(frame, inject_time=anomaly_at)["ranks"]]


def exported(seen: Snapshot) -> dict[str, list[float]]:
    """Return the metrics of every service at every second since the lab was healthy, as BARO reads them.

    A moment without a value has the one before it, or the first, as in BARO's own data; a series with none is left out.
    """
    moments = range(int(seen.healthy.start) + 1, int(seen.looked_at))
    columns: dict[str, list[float]] = {TIME: [float(each) for each in moments]}
    for signal in (*OVERVIEW, *RESOURCES):
        for series in seen.curves[signal.query]:
            component = component_of(signal, series.labels.get(signal.label, ""))
            if component in COMPONENTS and series.points:
                columns[f"{component}_{_metric(signal.name)}"] = _filled(series.points, moments)
    return columns


def _metric(name: str) -> str:
    return NAMES.get(name, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))


def _filled(points: Sequence[tuple[float, float]], moments: Iterable[int]) -> list[float]:
    """Return a value for each moment: the newest until then; before the first, the first."""
    values, at, last = [], 0, points[0][1]
    for each in moments:
        while at < len(points) and points[at][0] <= each:
            last, at = points[at][1], at + 1
        values.append(last)
    return values
