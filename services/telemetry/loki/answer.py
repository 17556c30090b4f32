"""Answers in the shapes that Loki's clients read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.telemetry.loki.entry import Entry
from services.telemetry.loki.evaluate import Matrix
from services.telemetry.metrics.text import number

Json = dict[str, Any]
NANO = 1e9
CATEGORIZE = "categorize-labels"
MAX_CHARACTERS = 8 * 1024 * 1024


def success(data: object) -> Json:
    """Return the envelope of an answer."""
    return {"status": "success", "data": data}


def streams(entries: Iterable[Entry], *, categorize: bool) -> Iterator[str]:
    """Write entries by their labels, up to MAX_CHARACTERS; that some are left out is said in `warnings`, as Loki does.

    Categorized, only the stream's own labels make a stream, and each value has the rest.
    """
    grouped: dict[str, list[str]] = {}
    count = size = written = 0
    warnings: list[str] = []
    for entry in entries:
        labels, parts = placed(entry, categorize=categorize)
        value = compact(parts)
        known = grouped.setdefault(labels, [])
        written += len(value) + (0 if known else len(labels))
        if written > MAX_CHARACTERS:
            warnings = [f"cut at {count} lines: the answer is too large; narrow the query by time, service or text"]
            break
        known.append(value)
        count += 1
        size += len(entry.line)
    return _streams(grouped, _stats(count, size), warnings, categorize=categorize)


def placed(entry: Entry, *, categorize: bool) -> tuple[str, list[Any]]:
    """Return the labels of an entry's stream, written, and what stands for the entry in it."""
    labels = compact(dict(sorted((entry.stream if categorize else entry.labels()).items())))
    return labels, [str(entry.time_ns), entry.line, *([_categories(entry)] if categorize else [])]


def _streams(grouped: dict[str, list[str]], stats: Json, warnings: list[str], *, categorize: bool) -> Iterator[str]:
    flags = f',"encodingFlags":["{CATEGORIZE}"]' if categorize else ""
    yield f'{{"status":"success","data":{{"resultType":"streams"{flags},"result":['
    filled = [(labels, values) for labels, values in grouped.items() if values]
    for place, (labels, values) in enumerate(filled):
        yield ("," if place else "") + f'{{"stream":{labels},"values":['
        for position, value in enumerate(values):
            yield ("," if position else "") + value
        yield "]}"
    yield f'],"stats":{compact(stats)}}}{f",{_named(warnings)}" if warnings else ""}}}'


def _named(warnings: list[str]) -> str:
    return f'"warnings":{compact(warnings)}'


def compact(value: object) -> str:
    """Return JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
