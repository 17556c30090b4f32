from __future__ import annotations

from services.containers.exposition import HELP, render
from services.containers.inventory import Container
from tests.support.exposition import read

CONTAINER = Container("0123456789abcdef" * 4, 'odd "name"\n')


def test_every_figure_with_its_labels_and_type() -> None:
    page = read(render([(CONTAINER, dict.fromkeys(HELP, 1.5))]), openmetrics=False)
    assert set(page.types) == set(HELP)
    assert page.types["container_memory_rss"] == "gauge"
    assert page.types["container_restarts_total"] == "counter"
    assert page.value("container_memory_rss", service='odd "name"\n', container_id="0123456789ab") == 1.5


def test_a_figure_that_one_container_lacks() -> None:
    other = Container("f" * 64, "risk")
    page = read(
        render(
            [(CONTAINER, {"container_processes": 1}), (other, {"container_processes": 2, "container_memory_rss": 3})]
        ),
        openmetrics=False,
    )
    assert page.values("container_processes") == [1, 2]
    assert page.values("container_memory_rss") == [3]


def test_nothing_is_an_empty_page() -> None:
    assert render([]) == ""
