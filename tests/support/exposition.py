"""A strict reader of Prometheus' and OpenMetrics' text: what it refuses, a scrape would refuse."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
NUMBER = r"[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf|NaN)"
PAIR = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
LABELS = rf"\{{((?:{PAIR}(?:,{PAIR})*)?)\}}"
SAMPLE = re.compile(rf"({NAME})(?:{LABELS})? ({NUMBER})(?: # {LABELS} ({NUMBER}) (\d+\.\d{{3}}))?")
COMMENT = re.compile(rf"# (TYPE|HELP|UNIT) ({NAME}) ?(.*)")
SUFFIXES = {
    "counter": ["_total"],
    "gauge": [""],
    "info": ["_info"],
    "histogram": ["_bucket", "_count", "_sum"],
}


@dataclass
class Sample:
    name: str
    labels: dict[str, str]
    value: float
    exemplar: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    types: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)

    def values(self, name: str, **labels: str) -> list[float]:
        return [s.value for s in self.samples if s.name == name and labels.items() <= s.labels.items()]

    def value(self, name: str, **labels: str) -> float:
        (found,) = self.values(name, **labels)
        return found

    def exemplars(self, name: str) -> dict[str, dict[str, str]]:
        return {s.labels.get("le", ""): s.exemplar for s in self.samples if s.name == name and s.exemplar}


def labels_of(text: str | None) -> dict[str, str]:
    pairs = re.findall(PAIR, text or "")
    names = [pair.partition("=")[0] for pair in pairs]
    assert len(set(names)) == len(names), f"a label twice: {text}"
    return {pair.partition("=")[0]: _unescaped(pair.partition("=")[2][1:-1]) for pair in pairs}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)


def read(text: str, *, openmetrics: bool) -> Page:
    lines = text.splitlines()
    if openmetrics:
        assert lines.pop() == "# EOF"
    page = Page()
    family = ""
    for line in lines:
        if comment := COMMENT.fullmatch(line):
            family = _describe(page, family, *comment.groups())
            continue
        match = SAMPLE.fullmatch(line)
        assert match, f"not a sample: {line}"
        name, labels, value, exemplar = match.group(1, 2, 3, 4)
        _belongs(name, family, page.types[family], openmetrics=openmetrics)
        assert not exemplar or openmetrics, f"an exemplar in plain text: {line}"
        page.samples.append(Sample(name, labels_of(labels), float(value), labels_of(exemplar)))
    seen = [(sample.name, *sorted(sample.labels.items())) for sample in page.samples]
    assert len(set(seen)) == len(seen), "a series twice"
    return page


def _describe(page: Page, family: str, word: str, name: str, text: str) -> str:
    if word == "TYPE":
        assert name not in page.types, f"family {name} in two places"
        page.types[name] = text
    elif word == "UNIT":
        assert name.endswith(f"_{text}"), f"{name} does not end in its unit {text}"
        page.units[name] = text
    return name if word == "TYPE" else family


def _belongs(name: str, family: str, kind: str, *, openmetrics: bool) -> None:
    suffixes = SUFFIXES[kind] if openmetrics or kind == "histogram" else [""]
    assert name in [family + suffix for suffix in suffixes], f"{name} is not of {family} ({kind})"
