"""The names that a query in PromQL is made of: metrics, labels, their values. No value of a series: no look-up."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from labctl.base.errors import InputError
from labctl.base.text import checked
from labctl.lab.lab import Lab
from labctl.lookups.metric_names import NAME, Description, MetricNames
from labctl.model.promql_names import metrics_in

LONGEST = 2000
"""Characters of a selector."""
NEAR = 3


@dataclass(frozen=True)
class Unknown:
    """A metric that a query names and Prometheus does not have, and the nearest that it has."""

    name: str
    near: tuple[str, ...]


def labels(name: str, selector: str = "") -> list[str]:
    """Return the labels of the series that a selector finds, of all without one.

    Raises LookupFailedError with what Prometheus says, LabStateError when it is down, InputError.
    """
    return _names(name).labels(_short(selector))


def values(name: str, label: str, selector: str = "") -> list[str]:
    """Return the values of a label, `__name__` for metrics. Raises as `labels` does."""
    if not re.fullmatch(NAME, label):
        raise InputError("that is no name of a label", expected="letters, digits and _, such as service")
    return _names(name).values(label, _short(selector))


def series(name: str, selector: str) -> list[dict[str, str]]:
    """Return the labels of each series that a selector finds. Raises as `labels` does."""
    return _names(name).series(_short(selector))


def descriptions(name: str) -> dict[str, list[Description]]:
    """Return type and help of each metric. Raises as `labels` does."""
    return _names(name).descriptions()


def features(name: str) -> str:
    """Return what else Prometheus was told to understand, such as "promql-experimental-functions"."""
    return _names(name).features()


def unknown(name: str, query: str) -> tuple[Unknown, ...]:
    """Return the metrics that a query names and Prometheus does not have. Raises as `labels` does."""
    asked = metrics_in(query)
    known = set(values(name, "__name__")) if asked else set()
    return tuple(
        Unknown(each, tuple(difflib.get_close_matches(each, known, NEAR, 0.5))) for each in asked if each not in known
    )


def _names(name: str) -> MetricNames:
    lab = Lab.open(name)
    lab.require_awake()
    return MetricNames(lab.addresses.prometheus)


def _short(selector: str) -> str:
    if len(selector) > LONGEST:
        raise InputError(f"the selector has {len(selector):,} characters", expected=f"at most {LONGEST:,}")
    return checked(selector, "the selector")
