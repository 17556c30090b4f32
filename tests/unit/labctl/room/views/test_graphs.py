from __future__ import annotations

from labctl.model.vocabulary import Component
from labctl.room.views.graphs import component, components, kind
from tests.support.room_world import Browser


def test_every_component_that_has_a_place_can_be_picked() -> None:
    graph = components()
    words = {*(each.component for each in graph.nodes), *(each.component for each in graph.edges)}
    assert words - {""} == {str(each) for each in Component} - {"none"}


def test_connections_lead_to_nodes_that_are_there() -> None:
    graph = components()
    nodes = {each.id for each in graph.nodes}
    assert {end for each in graph.edges for end in (each.start, each.end)} <= nodes
    edges = {each.id for each in graph.edges}
    assert (len(nodes | edges), len(nodes)) == (len(graph.nodes) + len(graph.edges), len(graph.nodes))


def test_a_link_is_found_from_both_its_ends() -> None:
    assert component("ledger", "redis") == component("redis", "ledger") == "ledger-redis"
    assert component("clients", "gateway") == component("nobody") == ""


def test_kinds() -> None:
    kinds = [kind(name) for name in ("clients", "risk", "acquirer", "jobs", "postgres", "somebody")]
    assert kinds == ["clients", "service", "outside", "jobs", "datastore", "seen only"]


def test_the_answer_has_the_graph_beside_its_search_and_takes_a_component_from_the_address(browser: Browser) -> None:
    text = browser.get("/answer?component=payments-risk").text
    assert 'data-pick="component"' in text
    assert 'value="payments-risk" checked' in text
