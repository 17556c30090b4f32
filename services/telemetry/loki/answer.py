"""Answers in the shapes that Loki's clients read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.telemetry.loki.entry import Entry
from services.telemetry.loki.evaluate import Matrix
from services.telemetry.metrics.text import number

Json = dict[str, Any]
NANO = 1e9
CATEGORIZE = "categorize-labels"


def success(data: object) -> Json:
    """Return the envelope of an answer."""
    return {"status": "success", "data": data}


def streams(entries: Iterable[Entry], *, categorize: bool) -> Json:
    """Entries by their labels. Categorized, only the stream's own labels make a stream, and each value has the rest."""
    grouped: dict[tuple[tuple[str, str], ...], list[list[Any]]] = {}
    count = size = 0
    for entry in entries:
        labels = entry.stream if categorize else entry.labels()
        more = [_categories(entry)] if categorize else []
        grouped.setdefault(tuple(sorted(labels.items())), []).append([str(entry.time_ns), entry.line, *more])
        count += 1
        size += len(entry.line)
    found = [{"stream": dict(labels), "values": values} for labels, values in grouped.items()]
    flags = {"encodingFlags": [CATEGORIZE]} if categorize else {}
    return success({"resultType": "streams", **flags, "result": found, "stats": _stats(count, size)})


def _categories(entry: Entry) -> Json:
    named = {"structuredMetadata": entry.metadata, "parsed": entry.parsed}
    return {name: labels for name, labels in named.items() if labels}


def matrix(series: Matrix, times: Sequence[int]) -> Json:
    """Series over time; those without any value are left out."""
    found = [
        {
            "metric": dict(key),
            "values": [[times[index] / NANO, _shown(value)] for index, value in sorted(points.items())],
        }
        for key, points in sorted(series.items())
        if points
    ]
    return success({"resultType": "matrix", "result": found, "stats": _stats(0, 0)})


def vector(values: Iterable[tuple[Mapping[str, str], float]], time: int) -> Json:
    """One value a series."""
    found = [{"metric": dict(labels), "value": [time / NANO, _shown(value)]} for labels, value in values]
    return success({"resultType": "vector", "result": found, "stats": _stats(0, 0)})


def _shown(value: float) -> str:
    """Return a sample's value as Go writes it: 105 and not 105.0."""
    return number(value).removesuffix(".0")


def _stats(lines: int, size: int) -> Json:
    return {"summary": {"totalLinesProcessed": lines, "totalBytesProcessed": size, "totalEntriesReturned": lines}}
