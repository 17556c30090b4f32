"""The report as Markdown: figures with their budgets, each lab in each window, and what each service of a lab uses."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

from bench.budgets import Figure
from bench.labs import noise
from bench.labs.run import Run
from bench.labs.seen import Seen
from bench.report import machine_line, row
from labctl.base.tables import table

_HEAD = """# Labs side by side

Written by `python -m bench.labs`. A ratio of 1 or less keeps the budget. Memory is what the kernel can't take back.
Other load on the machine shows in every figure."""


def figures(run: Run) -> list[Figure]:
    """Return the figures with their budgets."""
    count = f"{run.plan.labs} labs at {run.plan.rps:g} requests/s"
    resting, names, others = run.rest[1], run.plan.names(), run.plan.names()[1:]
    slowdowns = tuple(each.p95_s / run.alone.p95_s for seen in run.rest for each in seen.values())
    found = [
        Figure(f"{count}: worst p95 over one alone", "x", (max(slowdowns),), 2),
        Figure(f"{count}: memory of a lab", "MB", tuple(resting[each].whole.memory_mb for each in names), 700),
        Figure(f"{count}: CPU of a lab", "cores", tuple(resting[each].whole.cores for each in names), 0.25),
        Figure("start of a lab beside the others", "s", run.start_s, 60),
        Figure("pausing a lab", "s", (run.pause_s,), 5),
        Figure("resuming a lab, until it is healthy", "s", (run.resume_s,), 15),
    ]
    if others:
        ratios = tuple(noise.slower(resting, run.broken, others))
        apart = noise.spread(*run.rest, others)
        found.append(Figure("one lab broken: p95 of the others, over theirs at rest", "x", ratios, round(apart, 2)))
    return found


def report(run: Run, machine: Mapping[str, str | int]) -> str:
    """Return the page."""
    rows = [row(each) for each in figures(run)]
    parts = [
        _HEAD,
        machine_line(machine),
        table(("Figure", "Measured", "Budget", "Ratio", "Samples"), rows),
        *_failures(run),
        table(("Lab", "Window", "p95, ms", "Checkouts", "Failed", "Memory, MB", "CPU, cores"), _windows(run)),
        table(("Service", "Memory, MB", "CPU, cores"), _services(list(run.rest[1].values()))),
    ]
    return "\n\n".join(parts) + "\n"


def _failures(run: Run) -> Iterator[str]:
    others = run.plan.names()[1:]
    if others:
        quiet = [seen[name] for seen in run.rest for name in others]
        chance = noise.chance_of_failures(quiet, [run.broken[name] for name in others])
        word = "within noise" if chance >= noise.UNLIKELY else "**more than noise**"
        yield (
            "The budget of the others' p95 is the factor by which it differed between two windows at rest. So many of"
            f" their checkouts, or more, fail by chance in {chance:.0%} of such windows: {word}."
        )


def _windows(run: Run) -> Iterator[tuple[str, ...]]:
    yield _window("1", "alone", run.alone)
    named = (("at rest", run.rest[0]), ("at rest, again", run.rest[1]), ("the first is broken", run.broken))
    for what, seen in named:
        for number, name in enumerate(run.plan.names(), 1):
            yield _window(str(number), what, seen[name])


def _window(lab: str, what: str, seen: Seen) -> tuple[str, ...]:
    use = seen.whole
    figures = (f"{seen.p95_s * 1000:.0f}", f"{seen.checkouts:.0f}", f"{seen.failed:.0f}")
    return lab, what, *figures, f"{use.memory_mb:.0f}", f"{use.cores:.3f}"


def _services(labs: Sequence[Seen]) -> Iterator[tuple[str, str, str]]:
    for service in labs[0].use:
        costs = [each.use[service] for each in labs if service in each.use]
        memory, cores = (
            statistics.mean(values) for values in zip(*((c.memory_mb, c.cores) for c in costs), strict=True)
        )
        yield service, f"{memory:.0f}", f"{cores:.3f}"
