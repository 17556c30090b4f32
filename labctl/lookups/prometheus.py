"""Prometheus's HTTP API: instant and range queries, alerts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from labctl.base.errors import LookupFailedError
from labctl.lookups.http import ApiClient, Document
from labctl.model.promql import ASKED, together
from labctl.model.samples import Alert, Labels, Rule, Sample, Series


@dataclass(frozen=True)
class Exemplar:
    """One call that a histogram counted: when (epoch seconds), what was measured, and its trace."""

    at: float
    value: float
    trace_id: str


class PrometheusClient:
    """Queries against one Prometheus. Raises LookupFailedError with its message, LabStateError when it is down."""

    def __init__(self, base_url: str, *, timeout: float = 10.0) -> None:
        self._api = ApiClient(base_url, "Prometheus", timeout=timeout)

    def query(self, promql: str, at: float | None = None) -> list[Sample]:
        """Return the instant vector of `promql` at `at` (epoch seconds, default now); a scalar has no labels."""
        form: dict[str, str | float] = {"query": promql}
        if at is not None:
            form["time"] = f"{at:.3f}"
        data = self._data(self._api.post("/api/v1/query", form))
        kind, result = data["resultType"], data["result"]
        if kind == "scalar":
            return [_sample({}, result)]
        if kind == "vector":
            return [_sample(each["metric"], each["value"]) for each in result if "value" in each]
        raise LookupFailedError(
            f"the query yields a {'range vector' if kind == 'matrix' else kind}, not a value per series",
            expected="an instant vector or a number",
            todo="aggregate the range, such as rate(metric[30s]), or ask for a curve with --range",
        )

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Return one curve per series from `start` to `end` (epoch seconds), a point every `step` seconds."""
        form = {"query": promql, "start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        data = self._data(self._api.post("/api/v1/query_range", form))
        return [
            Series(each["metric"], tuple(_point(pair) for pair in each.get("values", ()))) for each in data["result"]
        ]

    def query_ranges(self, queries: Sequence[str], start: float, end: float, step: float) -> list[list[Series]]:
        """Return what `query_range` does for each of several queries for vectors, in one request."""
        found: list[list[Series]] = [[] for _ in queries]
        for each in self.query_range(together(queries), start, end, step) if queries else ():
            labels = dict(each.labels)
            found[int(labels.pop(ASKED))].append(replace(each, labels=labels))
        return found

    def exemplars(self, promql: str, start: float, end: float) -> list[Exemplar]:
        """Return the traces that the series in a query were told examples of, from `start` to `end`, oldest first."""
        form = {"query": promql, "start": f"{start:.3f}", "end": f"{end:.3f}"}
        answer = self._api.post("/api/v1/query_exemplars", form)
        if answer.get("status") != "success":
            raise LookupFailedError(f"Prometheus has no exemplars for it: {answer.get('error', 'unexpected answer')}")
        found = (_exemplar(each) for series in answer.get("data") or () for each in series["exemplars"])
        return sorted({each for each in found if each.trace_id}, key=lambda each: (each.at, each.trace_id))

    def scalar(self, promql: str, at: float | None = None) -> float | None:
        """Return the single number that `promql` yields; None when there is no data or it is NaN."""
        return _number(promql, self.query(promql, at))

    def scalars(self, queries: Sequence[str], at: float | None = None) -> list[float | None]:
        """Return what `scalar` does for each of several queries for vectors, in one request: all at the same moment."""
        found: list[list[Sample]] = [[] for _ in queries]
        for each in self.query(together(queries), at) if queries else ():
            found[int(each.labels[ASKED])].append(each)
        return [_number(promql, samples) for promql, samples in zip(queries, found, strict=True)]

    def alerts(self) -> list[Alert]:
        """Return the alerts that are pending or firing, the oldest first."""
        data = self._data(self._api.get("/api/v1/alerts"))
        return sorted((_alert(each) for each in data["alerts"]), key=lambda alert: (alert.active_at, alert.name))

    def rules(self) -> list[Rule]:
        """Return the alerting rules, in their files' order."""
        data = self._data(self._api.get("/api/v1/rules?type=alert"))
        return [
            Rule(each["name"], each["query"], float(each["duration"]), dict(each["labels"]))
            for group in data["groups"]
            for each in group["rules"]
        ]

    def recordings(self) -> dict[str, str]:
        """Return the queries of the recorded series, by their names."""
        data = self._data(self._api.get("/api/v1/rules?type=record"))
        return {each["name"]: each["query"] for group in data["groups"] for each in group["rules"]}

    def _data(self, answer: Document) -> Document:
        data = answer.get("data")
        if answer.get("status") != "success" or not isinstance(data, dict):
            raise LookupFailedError(f"Prometheus refused the query: {answer.get('error', 'unexpected answer')}")
        return data


def _exemplar(document: Document) -> Exemplar:
    trace = str(document["labels"].get("trace_id", ""))
    return Exemplar(float(document["timestamp"]), float(document["value"]), trace)


def _number(promql: str, samples: Sequence[Sample]) -> float | None:
    if len(samples) > 1:
        raise LookupFailedError(
            f"the query yields {len(samples)} series: {promql}",
            expected="a single number",
            todo="aggregate it, such as sum(…) or max(…)",
        )
    if not samples or math.isnan(samples[0].value):
        return None
    return samples[0].value


def _point(pair: list[Any]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


def _sample(labels: Labels, pair: list[Any]) -> Sample:
    at, value = _point(pair)
    return Sample(dict(labels), value, at)


def _alert(document: Document) -> Alert:
    labels = dict(document["labels"])
    active_at = datetime.fromisoformat(document["activeAt"]).timestamp()
    return Alert(labels.get("alertname", ""), document["state"], labels, dict(document["annotations"]), active_at)
