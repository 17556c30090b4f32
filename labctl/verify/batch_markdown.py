"""A batch of verifications as Markdown: the summary first, then the matrix, the misdirection, and each run.

Everything but the runs is made from the record's JSON types, so that a stored record can become a page, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from labctl.base.tables import table
from labctl.base.text import number_of
from labctl.verify.batch_record import BatchRecord, names_with_counts
from labctl.verify.margin import LEAST, Margin
from labctl.verify.verification_record import markdown as one

Document = Mapping[str, Any]
NEVER = "·"


def markdown(batch: BatchRecord) -> str:
    """Return the whole batch as a page; for a single verification, only that verification's page."""
    if len(batch.records) == 1 and not (batch.not_run or batch.soak or batch.soak_not_run):
        return one(batch.records[0])
    document = batch.to_document()
    parts = [f"# Verification: {document['outcome']}", *overview(document), *map(one, batch.records)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def overview(document: Document) -> list[str]:
    """Return the parts of the page before the single runs: summary, matrix, misdirection, soak."""
    return [
        counts(document),
        summary(document),
        *evidence(document),
        "## Margins",
        margins(document),
        "## Confusion matrix",
        "Each cell says in how many runs of the row's fault the signature of the column's fault held. It must hold on "
        f"the diagonal and nowhere else; {NEVER} means never.",
        matrix(document),
        "## Misdirection",
        misdirected(document),
        "## Healthy soak",
        soaked(document),
    ]


def counts(document: Document) -> str:
    """Return a sentence: how many runs there were, their outcomes, and which faults were not run."""
    found = document["summary"]
    runs = number_of(found["runs"], "run")
    text = f"{runs}: {found['pass']} pass, {found['fail']} fail, {found['unknown']} unknown."
    missing = found["not_run"]
    reasons = "".join(f" {fault}: {reason}." for fault, reason in document.get("why_not_run", {}).items())
    return text + (f" Not run: {names_with_counts(missing)}.{reasons}" if missing else "")


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


def evidence(document: Document) -> list[str]:
    """Return the section on evidence: a row per run in which it was looked at; nothing where it never was."""
    runs = [each for each in document.get("records", ()) if each.get("evidence")]
    if not runs:
        return []
    head = ("Fault", "Fog", "Outcome", "Signals that decide", "Of the kinds", "Those that do not")
    return ["## Evidence", table(head, map(_evidence, runs))]


def _evidence(run: Mapping[str, Any]) -> tuple[str, ...]:
    decide = [each for each in run["evidence"] if each["decides"]]
    others = [each["signal"] for each in run["evidence"] if not each["decides"]]
    return (
        f"`{run['fault']}`",
        run["fog"],
        run["outcome"],
        f"{len(decide)} of {len(run['evidence'])}",
        ", ".join(sorted({each["kind"] for each in decide})) or "-",
        "; ".join(others) or "-",
    )


def margins(document: Document) -> str:
    """Return a table with a row per fault: how far its symptom rose above a threshold, how close a healthy lab came."""
    head = (
        "Fault",
        "Page that rose highest",
        "Lowest symptom",
        "Alert closest to paging when healthy",
        "Highest healthy level",
        "Finding",
    )
    rows = ((f"`{fault}`", *_margin(each.get("margin") or {})) for fault, each in document["faults"].items())
    return (
        "In multiples of the paging threshold, over the rule's own window: the lowest symptom of all runs, and the "
        f"highest level of all healthy labs. A symptom below {LEAST:g}, or a healthy lab above {1 / LEAST:g}, is a "
        "finding.\n\n" + table(head, rows)
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
    # Runs in which it held come first: off the diagonal one is wrong, even when other runs are unknown.
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
        return "No soak was made."
    watched = f"{found['seconds'] / 60:.0f} minutes, {len(found['faults'])} signatures: {found['outcome']}."
    return " ".join((watched, *_sentences(found["reasons"])))


def _sentences(reasons: Iterable[str]) -> list[str]:
    return [f"{reason[0].upper()}{reason[1:]}." for reason in reasons]
