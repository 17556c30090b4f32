"""BARO, a published method (FSE 2024, `fse-baro` on PyPI), on the metrics that a learner can export.

It is told when the anomaly began, and ranks metrics by how far they then left the range of before; the service of the
first one is its answer. It is an optional package: `pip install -r requirements/bench.lock`.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType

from bench.shortcuts.answers import Answer
from bench.shortcuts.snapshot import Snapshot
from labctl.base.errors import HostError
from labctl.export import rcaeval
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES

NAMES = {**rcaeval.NAMES, "p99": "latency"}
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

    A moment without a value has the one before it, or the first, as in BARO's own data (RCAEval's).
    """
    moments = range(int(seen.healthy.start) + 1, int(seen.looked_at))
    return rcaeval.columns((*OVERVIEW, *RESOURCES), lambda query: seen.curves[query], moments, NAMES)
