from __future__ import annotations

import json

from labctl.export import answer
from labctl.play.debrief import MeasuredLink
from tests.support.example_fault import EXAMPLE
from tests.support.example_incident import INJECTED
from tests.support.exporting import example_case


def test_the_environment_tells_the_windows_as_text() -> None:
    told = answer.environment(example_case(over=False))
    assert (told["ABNORMAL_START"], told["NORMAL_END"]) == ("1700000000", "1700000000")
    assert all(isinstance(each, str) for each in told.values())


def test_the_injection_names_the_cause() -> None:
    case = example_case()
    assert case.story
    told = answer.injection(case, case.story)
    assert told["ground_truth"] == {"service": [EXAMPLE.root_cause.component]}
    assert told["root_cause"]["mechanism"] == EXAMPLE.root_cause.mechanism
    assert told["start_time"].startswith("2023-11-14T22:13:20")
    json.dumps(told)


def test_the_graph_is_the_chain_as_measured() -> None:
    story = example_case().story
    assert story
    graph = answer.causal_graph(story)
    assert [each["component"] for each in graph["nodes"]] == [link.component for link in story.chain]
    assert graph["root_causes"][0]["component"] == EXAMPLE.root_cause.component
    places = [link.component for link in story.chain]
    for edge in graph["edges"]:
        assert places.index(edge["source"]) < places.index(edge["target"])
    assert graph["nodes"][0]["timestamp"] == INJECTED + round(_onset(story.chain[0]))


def _onset(link: MeasuredLink) -> float:
    assert link.onset_s is not None
    return link.onset_s
