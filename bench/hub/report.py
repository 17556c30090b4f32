"""The figures with their budgets, and the page: what was asked and how fast it was answered, what each part took."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bench.budgets import Figure, p95
from bench.hub.run import HUB, Asked, Run
from bench.report import machine_line, row
from labctl.base.tables import table

LOOK_UP = "look-up: "
STREAM = "the stream"
"""Not a page: it is opened, and stays."""
ANSWER_MS, MEMORY_MB, CORES = 300, 200, 0.5
SHOWN = 20
_HEAD = """# The hub with a room full of learners

Written by `python -m bench.hub`. A ratio of 1 or less keeps the budget. Memory is each process's share of what it
shares with others (PSS), and the most that was seen; CPU is over the whole run. Locust runs on the same machine, and
takes its part of it: that, and other load, shows in every figure, and most where the whole host is busy. The
commands that the hub starts where an incident begins are gone in a moment, and their memory counts apart."""


def figures(run: Run) -> list[Figure]:
    """Return the figures with their budgets."""
    name = f"hub with {run.crowd.what}"
    look_ups = tuple(each.ms for each in run.asked if each.name.startswith(LOOK_UP))
    others = tuple(each.ms for each in run.asked if not each.name.startswith(LOOK_UP) and each.name != STREAM)
    wrong = sum(bool(each.wrong) for each in run.asked)
    strange = len(run.account.missing) + run.doubles + run.gaps
    return [
        Figure(f"{name}: a look-up's answer", "ms", look_ups, ANSWER_MS, "p95"),
        Figure(f"{name}: any other answer", "ms", others, ANSWER_MS, "p95"),
        Figure(f"{name}: requests that failed, of {len(run.asked):,}", "", (wrong,), 0),
        Figure(f"{name}: events lost or doubled, of {run.account.expected:,}", "", (strange,), 0),
        Figure(f"{name}: an event's delay", "ms", tuple(each * 1000 for each in run.account.late_s), 2500, "p95"),
        Figure(f"{name}: teams whose incident did not page", "", (run.not_paged,), 0),
        Figure(f"{name}: memory of the hub", "MB", (run.taken[HUB].memory_mb,), MEMORY_MB),
        Figure(f"{name}: CPU of the hub", "cores", (run.taken[HUB].cores,), CORES),
    ]


def report(run: Run, machine: Mapping[str, str | int]) -> str:
    """Return the page."""
    crowd = run.crowd
    told = (
        f"{crowd.what} for {crowd.minutes:g} minutes, a look-up of each every {crowd.every_s:g} s, labs at"
        f" {crowd.rps:g} requests/s, an incident for all after half of the time. Each learner has a stream, which is"
        " cut off once, and what is open is kept fresh by its events, as a browser does."
    )
    parts = [
        _HEAD,
        told,
        machine_line(machine),
        table(("Figure", "Measured", "Budget", "Ratio", "Samples"), map(row, figures(run))),
        table(("Request", "Count", "Failed", "Median, ms", "p95, ms", "Slowest, ms"), _requests(run.asked)),
        table(("Part", "Memory, MB", "Of commands that it started, MB", "CPU, cores"), _taken(run)),
        *_problems(run),
    ]
    return "\n\n".join(parts) + "\n"


def _requests(asked: Sequence[Asked]) -> Iterator[tuple[str, ...]]:
    for name in sorted({each.name for each in asked}):
        own = [each for each in asked if each.name == name]
        times = [each.ms for each in own]
        figures_of = (statistics.median(times), p95(times), max(times))
        failed = str(sum(bool(each.wrong) for each in own))
        # How long a stream was open says nothing of how fast it was opened.
        yield name, str(len(own)), failed, *(f"{each:.0f}" for each in figures_of)


def _taken(run: Run) -> Iterator[tuple[str, ...]]:
    for part, taken in run.taken.items():
        yield part, f"{taken.memory_mb:.0f}", f"{taken.commands_mb:.0f}", f"{taken.cores:.3f}"
    if run.busy_cores is not None:
        yield "the whole host", "-", "-", f"{run.busy_cores:.3f}"


def _problems(run: Run) -> Iterator[str]:
    wrong = Counter(f"{each.name}: {each.wrong}" for each in run.asked if each.wrong)
    lines = [f"- {count} times {what}" for what, count in wrong.most_common(SHOWN)]
    lines += [f"- lost: {each}" for each in run.account.missing[:SHOWN]]
    if run.doubles or run.gaps:
        lines.append(f"- {run.doubles} events came twice; {run.gaps} ids told of an event that had not come")
    if lines:
        yield "What was wrong, the most frequent first:"
        yield "\n".join(lines)
