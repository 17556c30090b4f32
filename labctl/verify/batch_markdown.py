"""A batch of verifications as Markdown: the summary first, then the matrix, the misdirection, and each run.

Everything but the runs is made of the record's JSON types, so that a page can be made of a record that was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from labctl.base.tables import table
from labctl.base.text import number_of
from labctl.verify.batch_record import BatchRecord, counted
from labctl.verify.margin import LEAST, Margin
from labctl.verify.verification_record import markdown as one

Document = Mapping[str, Any]
NEVER = "·"


def markdown(batch: BatchRecord) -> str:
    """Return the whole batch as a page; one verification alone is just its own page."""
    if len(batch.records) == 1 and not (batch.not_run or batch.soak or batch.soak_not_run):
        return one(batch.records[0])
    document = batch.to_document()
    parts = [f"# Verification: {document['outcome']}", *overview(document), *map(one, batch.records)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def overview(document: Document) -> list[str]:
    """Return the parts before the single runs: summary, matrix, misdirection, soak."""
    return [
        counts(document),
        summary(document),
        "## Margins",
        margins(document),
        "## Confusion matrix",
        "How often the signature of the column's fault held while the row's fault was at work, of how many runs. It "
        f"must on the diagonal, and nowhere else; {NEVER} is never.",
        matrix(document),
        "## Misdirection",
        misdirected(document),
        "## Healthy soak",
        soaked(document),
    ]


def counts(document: Document) -> str:
    """Return how many runs there were, how they came out, and what was not run."""
    found = document["summary"]
    runs = number_of(found["runs"], "run")
    text = f"{runs}: {found['pass']} pass, {found['fail']} fail, {found['unknown']} unknown."
    missing = found["not_run"]
    reasons = "".join(f" {fault}: {reason}." for fault, reason in document.get("why_not_run", {}).items())
    return text + (f" Not run: {counted(missing)}.{reasons}" if missing else "")


def summary(document: Document) -> str:
    """Return one row per fault."""
    head = ("", "Fault", "Passed", "Symptom", "Page", "Recovery", "Total", "Loudest anomaly")
    rows = (
        (
            str(number),
            f"`{fault}`",
            f"{each['passed']} of {each['runs']}",
            *(_median(each["seconds"][name]) for name in ("symptom", "page", "recovery", "total")),
            _loudest(each["loudest"]),
        )
        for number, (fault, each) in enumerate(document["faults"].items(), start=1)
    )
    return "Medians; in brackets the longest.\n\n" + table(head, rows)


def _median(spread: Mapping[str, float] | None) -> str:
    return f"{spread['median']:.1f} s ({spread['max']:.1f})" if spread else "never"


def _loudest(loudest: Mapping[str, str] | None) -> str:
    return f"{loudest['component']}: {loudest['signal']}" if loudest else "-"


def margins(document: Document) -> str:
    """Return a row per fault: how far beyond its threshold the page went, how close the healthy lab came to one."""
    head = (
        "Fault",
        "Page that went furthest",
        "Least symptom",
        "Closest healthy alert",
        "Closest healthy lab",
        "Finding",
    )
    rows = ((f"`{fault}`", *_margin(each.get("margin") or {})) for fault, each in document["faults"].items())
    return (
        "In multiples of the threshold that pages, over the rule's own window: the least of all runs of a symptom, the "
        f"most of all healthy labs. Below {LEAST:g} times a threshold, or above {1 / LEAST:g} of one, is a finding.\n\n"
        + table(head, rows)
    )


def _margin(found: Mapping[str, Any]) -> tuple[str, ...]:
    margin = Margin(**found)
    return (
        margin.alert or "-",
        "-" if margin.symptom is None else f"{margin.symptom:.1f} x",
        margin.nearest or "-",
        "-" if margin.healthy is None else f"{margin.healthy:.2f} x",
        ", ".join(margin.narrow()) or "none",
    )


def matrix(document: Document) -> str:
    """Return a row per fault at work, a column per signature; columns are numbered as in the summary."""
    rows = document["matrix"]
    signatures = list(dict.fromkeys([*rows, *(name for row in rows.values() for name in row)]))
    head = ("", "At work", *(str(number) for number, _ in enumerate(signatures, start=1)))
    lines = (
        (str(number), f"`{fault}`", *(_cell(row.get(name), name == fault) for name in signatures))
        for number, (fault, row) in enumerate(rows.items(), start=1)
    )
    others = signatures[len(rows) :]
    legend = "".join(f"\n\nColumn {number}: `{name}`." for number, name in enumerate(others, start=len(rows) + 1))
    return table(head, lines) + legend


def _cell(found: Mapping[str, int] | None, diagonal: bool) -> str:
    if not found:
        return "?"
    runs = sum(found.values())
    parts: list[str] = []
    # What was seen comes first: it is wrong whatever the other runs would have shown.
    if found["yes"]:
        parts.append(f"{found['yes']}/{runs}" if diagonal else f"**{found['yes']}/{runs}**")
    elif diagonal and not found["unknown"]:
        parts.append(f"**0/{runs}**")
    if found["unknown"]:
        parts.append(f"? {found['unknown']}/{runs}")
    return " ".join(parts) or NEVER


def misdirected(document: Document) -> str:
    """Return, for every fault, where each dashboard is loudest and where the root cause is, and the shares."""
    found = document["misdirection"]
    rows = (
        (
            f"`{fault}`",
            each["root_cause"],
            _loudest(each["loudest"]),
            _points(found, fault),
            _loudest(each["loudest_resource"]),
            _points(found["resources"], fault),
        )
        for fault, each in document["faults"].items()
    )
    head = ("Fault", "Root cause", "Loudest on the overview", "Points", "Loudest of the resources", "Points")
    shares = f"on the service overview {share(found)}, on the dashboard of the resources {share(found['resources'])}"
    return f"The loudest anomaly points away from the root cause: {shares}.\n\n" + table(head, rows)


def _points(found: Mapping[str, Any], fault: str) -> str:
    return {True: "elsewhere", False: "at the root cause", None: "-"}[found["points_elsewhere"].get(fault)]


def share(found: Mapping[str, Any]) -> str:
    """Return how many faults of a dashboard's misdirection point elsewhere, of those that could be judged."""
    elsewhere, part = found["points_elsewhere"], found["share"]
    return "nothing could be judged" if part is None else f"{sum(elsewhere.values())} of {len(elsewhere)}, {part:.0%}"


def soaked(document: Document) -> str:
    """Return what the soak found, in a sentence or a few."""
    found = document["soak"]
    if not found:
        return "None was made."
    watched = f"{found['seconds'] / 60:.0f} minutes, {len(found['faults'])} signatures: {found['outcome']}."
    return " ".join((watched, *_sentences(found["reasons"])))


def _sentences(reasons: Iterable[str]) -> list[str]:
    return [f"{reason[0].upper()}{reason[1:]}." for reason in reasons]
