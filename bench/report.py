"""The report as Markdown: the figures, their budgets, and the machine on which they were measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bench.budgets import Figure
from labctl.base.tables import table

_HEAD = """# Measured budgets

Written by `{by}`. A ratio of 1 or less keeps the budget. Other load on the machine shows in every figure."""

_KEPT = "`bench/records/bench.json` has the record of each, with its reasons"


def report(
    figures: Sequence[Figure],
    use: Mapping[str, tuple[float, float]],
    machine: Mapping[str, str | int],
    outcomes: Mapping[str, int],
    by: str = "make bench",
) -> str:
    """Return the page.

    `by` is the command that measured it, `use` maps services to memory (MB) and CPU (cores), `outcomes` outcomes to
    counts.
    """
    measured = table(("Figure", "Measured", "Budget", "Ratio", "Samples"), map(row, figures))
    parts = [_HEAD.format(by=by), machine_line(machine), measured]
    if outcomes:
        parts.append(
            "Verifications: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) + f"; {_KEPT}."
        )
    if use:
        rows = [(service, f"{memory:.0f}", f"{cores:.3f}") for service, (memory, cores) in use.items()]
        parts.append(table(("Service", "Memory, MB", "CPU, cores"), rows))
    return "\n\n".join(parts) + "\n"


def machine_line(machine: Mapping[str, str | int]) -> str:
    """Return a sentence about the machine, and the day."""
    facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items())
    return f"Machine: {facts}. Measured on {datetime.now(UTC).date().isoformat()}."


def row(figure: Figure) -> tuple[str, ...]:
    """Return a figure's row: its name, value, budget, their ratio, and the samples' range."""
    low, high = (f"{bound(figure.samples):.3g}" if figure.samples else "-" for bound in (min, max))
    return (
        f"{figure.name} ({figure.statistic} of {len(figure.samples)})",
        f"{figure.value:.3g} {figure.unit}",
        f"{figure.budget:g} {figure.unit}",
        f"{figure.ratio:.2f}",
        f"{low} to {high}",
    )
