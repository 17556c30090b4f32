from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups.topology import ARCHITECTURE, Edge
from labctl.lookups.tree import twigs

NAMES = st.sampled_from("abcdef")
EDGES = st.lists(
    st.builds(Edge, NAMES, NAMES, st.just("HTTP")), max_size=15, unique_by=lambda edge: (edge.caller, edge.callee)
)


def test_the_architecture_grows_from_the_clients_down() -> None:
    drawn = [twig.branch + twig.name for twig in twigs([Edge(*ends, via) for ends, via in ARCHITECTURE.items()])]

    assert drawn == [
        "clients",
        "└─ gateway",
        "   └─ payments",
        "      ├─ risk",
        "      │  ├─ redis",
        "      │  ├─ postgres",
        "      │  └─ acquirer",
        "      ├─ acquirer",
        "      ├─ postgres",
        "      ├─ redis",
        "      └─ ledger",
        "         ├─ redis",
        "         └─ postgres",
        "jobs",
        "└─ postgres",
    ]


def test_a_cycle_is_drawn_once_around() -> None:
    drawn = [twig.branch + twig.name for twig in twigs([Edge("a", "b", ""), Edge("b", "a", "")])]

    assert drawn == ["a", "└─ b", "   └─ a"]


def test_calls_may_be_thousands_deep() -> None:
    drawn = twigs([Edge(str(n), str(n + 1), "") for n in range(20_000)])

    assert len(drawn) == 20_001
    assert max(len(twig.branch) for twig in drawn) < 100


@given(EDGES)
def test_every_connection_of_any_graph_is_drawn_exactly_once(edges: list[Edge]) -> None:
    drawn = [twig.edge for twig in twigs(edges) if twig.edge]

    assert sorted(map(id, drawn)) == sorted(map(id, edges))
