"""Connections as a tree: at its top the components that nobody calls, below each its callees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labctl.lookups.topology import Edge


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
    drawn: set[str] = set()
    # Callers that only a cycle reaches come last, as roots of their own.
    return [twig for root in [*roots, *everyone] if root not in drawn for twig in _from(root, edges, drawn)]


def _from(root: str, edges: Sequence[Edge], drawn: set[str]) -> Iterator[Twig]:
    yield Twig("", root, None)
    yield from _below(root, "", edges, drawn)


def _below(name: str, rails: str, edges: Sequence[Edge], drawn: set[str]) -> Iterator[Twig]:
    drawn.add(name)
    own = [edge for edge in edges if edge.caller == name]
    for edge in own:
        last = edge is own[-1]
        yield Twig(rails + ("└─ " if last else "├─ "), edge.callee, edge)
        if edge.callee not in drawn:
            yield from _below(edge.callee, rails + ("   " if last else "│  "), edges, drawn)
