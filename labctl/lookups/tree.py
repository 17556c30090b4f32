"""Connections as a tree: at its top the components that nobody calls, below each its callees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labctl.lookups.topology import Edge

_RAILS_WIDTH = 45  # deeper trees are drawn as if they hung at this depth


@dataclass(frozen=True)
class Twig:
    """One line of the drawing: the rails before it, and the connection that leads to it; none for a root."""

    branch: str
    name: str
    edge: Edge | None


def twigs(edges: Sequence[Edge]) -> list[Twig]:
    """Return every connection exactly once; a component's callees are drawn where the component comes first."""
    callees = {edge.callee for edge in edges}
    roots = dict.fromkeys(edge.caller for edge in edges if edge.caller not in callees)
    everyone = dict.fromkeys(edge.caller for edge in edges)
    below: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        below[edge.caller].append(edge)
    drawn: set[str] = set()
    # Callers that only a cycle reaches come last, as roots of their own.
    return [twig for root in [*roots, *everyone] if root not in drawn for twig in _from(root, below, drawn)]


def _from(root: str, below: Mapping[str, Sequence[Edge]], drawn: set[str]) -> Iterator[Twig]:
    """Yield a root and all below it, depth first; without recursion, since calls may be thousands deep."""
    yield Twig("", root, None)
    waiting = _branches(root, "", below, drawn)
    while waiting:
        twig, rails = waiting.pop()
        yield twig
        if twig.name not in drawn:
            waiting.extend(_branches(twig.name, rails, below, drawn))


def _branches(name: str, rails: str, below: Mapping[str, Sequence[Edge]], drawn: set[str]) -> list[tuple[Twig, str]]:
    """Return a component's connections, the last first, each with the rails for what is below it."""
    drawn.add(name)
    rails = rails[-_RAILS_WIDTH:]
    ends = [("├─ ", "│  ")] * (len(below.get(name, ())) - 1) + [("└─ ", "   ")]
    own = zip(below.get(name, ()), ends, strict=False)
    return [(Twig(rails + branch, edge.callee, edge), rails + more) for edge, (branch, more) in own][::-1]
