"""What the browser draws of the topology: components and connections, their figures as text, the ways on from each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app, url_for

from labctl.actions.edge_changes import Figure, Odd
from labctl.actions.topology import Compared, Connection
from labctl.base.text import clipped, number_of, visible
from labctl.base.times import show_duration
from labctl.model.services import SERVICES, Service, known
from labctl.model.vocabulary import Component

NAME_SHOWN = 40
SINCE = "15m"
SIGNS = {Odd.NOT: "", Odd.MORE: "▲ ", Odd.LESS: "▼ ", Odd.GONE: ""}
WORDS = {Odd.NOT: "", Odd.MORE: "more than healthy", Odd.LESS: "less than healthy", Odd.GONE: "missing"}


@dataclass(frozen=True)
class Link:
    """A way on to another view."""

    text: str
    href: str


@dataclass(frozen=True)
class Shown:
    """One figure: its name, its text now and while healthy, empty for none, what is odd; `line` is on the drawing."""

    name: str
    now: str
    healthy: str
    odd: str
    line: str


@dataclass(frozen=True)
class Node:
    """One component; `component` is its word of the vocabulary, where it has one."""

    id: str
    name: str
    kind: str
    remark: str
    odd: bool
    label: str
    component: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Edge:
    """One connection between two nodes, which `start` and `end` name by their ids."""

    id: str
    start: str
    end: str
    via: str
    figures: tuple[Shown, ...]
    missing: str
    """Why there are no figures; empty where there are some."""
    odd: bool
    label: str
    component: str
    links: tuple[Link, ...]

    @property
    def by_name(self) -> dict[str, Shown]:
        """Its figures, by their names."""
        return {each.name: each for each in self.figures}


@dataclass(frozen=True)
class Graph:
    """All of them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def as_json(self) -> dict[str, Any]:
        """The graph as JSON types."""
        return asdict(self)


def graph(compared: Compared) -> Graph:
    """Return what is drawn of a topology that was looked up."""
    names = dict.fromkeys(end for each in compared.connections for end in (each.edge.caller, each.edge.callee))
    nodes = tuple(_node(name, compared.firing.get(name, 0)) for name in names)
    return Graph(nodes, tuple(map(_edge, compared.connections)))


def components() -> Graph:
    """Return the components that an answer can name, and what they talk by: how the lab is built, no figures."""
    links = {(each.name, peer): via for each in SERVICES.values() for peer, via in each.asks.items()}
    names = [name for name in SERVICES if component(name)]
    nodes = (Node(name, name, kind(name), "", False, f"{name}, {kind(name)}", name, ()) for name in names)
    return Graph(tuple(nodes), tuple(_link(*ends, via) for ends, via in links.items()))


def _link(caller: str, callee: str, via: str) -> Edge:
    word = component(caller, callee)
    label = f"{word}, the link between {caller} and {callee}" if word else f"{caller} to {callee}"
    return Edge(f"{caller} to {callee}", caller, callee, via, (), "", False, label, word, ())


def kind(name: str) -> str:
    """Return what a component is, in a word."""
    service = known(name)
    if name not in SERVICES:
        return "seen only"
    if not service.ours:
        return "outside"
    if service.package:
        return "datastore"
    return name if name in ("clients", "jobs") else "service"


def component(*ends: str) -> str:
    """Return the vocabulary's word for a component, or for the link between two; empty where it has none."""
    words = {str(each) for each in Component}
    return next((word for word in ("-".join(ends), "-".join(ends[::-1])) if word in words), "")


def _node(name: str, firing: int) -> Node:
    shown, remark = _name(name), f"{number_of(firing, 'alert')} firing" if firing else ""
    label = ", ".join(filter(None, (shown, kind(name), remark)))
    links = tuple(_links_of(name, ""))
    return Node(shown, shown, kind(name), remark, bool(firing), label, component(name), links)


def _edge(each: Connection) -> Edge:
    caller, callee = _name(each.edge.caller), _name(each.edge.callee)
    figures, missing = tuple(_figures(each)), _missing(each)
    said = [", ".join(filter(None, (f"{figure.name} {figure.now}".strip(), figure.odd))) for figure in figures]
    return Edge(
        id=f"{caller} to {callee}",
        start=caller,
        end=callee,
        via=each.edge.via,
        figures=figures,
        missing=missing,
        odd=each.change.odd,
        label="; ".join(filter(None, (f"{caller} to {callee}, {each.edge.via}", *said, missing))),
        component=component(each.edge.caller, each.edge.callee),
        links=tuple(_edge_links(each.edge.caller, each.edge.callee)),
    )


def _missing(each: Connection) -> str:
    if each.edge.rate is not None:
        return ""
    if each.change.rate.odd is Odd.GONE:
        return "no figures now"
    return f"{each.edge.traced_calls} traced" if each.edge.traced_calls else "not measured"


def _figures(each: Connection) -> Iterator[Shown]:
    change = each.change
    if _missing(each) and change.rate.odd is Odd.NOT:
        return
    yield _shown("calls", change.rate, lambda rate: f"{rate:.1f}/s", "")
    if _is_known(change.errors):
        yield _shown("errors", change.errors, lambda ratio: f"{ratio:.2%}", " err")
    if _is_known(change.p95):
        yield _shown("p95", change.p95, show_duration, "")


def _is_known(figure: Figure) -> bool:
    return figure.now is not None or figure.healthy is not None


def _shown(name: str, figure: Figure, text: Callable[[float], str], unit: str) -> Shown:
    now, healthy = ("" if value is None else text(value) for value in (figure.now, figure.healthy))
    return Shown(name, now, healthy, WORDS[figure.odd], f"{SIGNS[figure.odd]}{now}{unit}")


def _edge_links(caller: str, callee: str) -> Iterator[Link]:
    yield from _links_of(callee, callee)
    yield from (each for each in _links_of(caller, caller))
    if word := component(caller, callee):
        yield Link(f"Answer: {word}", url_for("room.answer", component=word))


def _links_of(name: str, of: str) -> Iterator[Link]:
    """Yield the ways on from a component, each for it alone."""
    service = known(name)
    end = f" of {_name(of)}" if of else ""
    if service.shown and _has("room.dashboards"):
        values: dict[str, Any] = {"var-service": name}
        yield Link(f"Dashboard{end}", url_for("room.dashboards", **values))
    if _is_instrumented(service):
        yield Link(f"Logs{end}", url_for("room.logs", service=name, since=SINCE))
        yield Link(f"Traces{end}", url_for("room.traces", service=name, since=SINCE))
    if name == "postgres" and _has("room.database"):
        yield Link("Database", url_for("room.database"))
    if name in SERVICES:
        yield Link(f"Changes{end}", url_for("room.changes", component=name))
    if not of and (word := component(name)):
        yield Link(f"Answer: {word}", url_for("room.answer", component=word))


def _is_instrumented(service: Service) -> bool:
    return bool(service.sources) and service.ours and service.shown


def _has(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _name(name: str) -> str:
    return visible(clipped(name, NAME_SHOWN))
