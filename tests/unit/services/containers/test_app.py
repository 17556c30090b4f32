from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.containers.app import Application
from services.containers.collector import Collector
from tests.support.exposition import read


@pytest.fixture
def client(tmp_path: Path, host: Any, container_id: str, serve: Callable[[Any], str]) -> Any:
    inventory = tmp_path / "containers.json"
    inventory.write_text(json.dumps({"containers": [{"id": container_id, "service": "payments"}]}))
    application = Application(Collector(inventory, host.cgroup, host.proc))
    with httpx.Client(base_url=serve(application), trust_env=False) as found:
        yield found


def test_a_scrape(host: Any, client: httpx.Client) -> None:
    host.version_1()
    host.process(11, 5000)
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    page = read(answer.text, openmetrics=False)
    assert page.value("container_memory_working_set_bytes", service="payments") == 3800


def test_ready_when_there_are_figures(host: Any, client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 503
    assert "container_" not in client.get("/metrics").text


def test_ready(host: Any, client: httpx.Client) -> None:
    host.version_1()
    host.process(11, 5000)
    assert client.get("/readyz").json() == {"status": "ready"}


def test_not_ready_when_only_the_kills_of_what_is_gone_are_known(host: Any, client: httpx.Client) -> None:
    host.version_1()
    host.process(11, 5000)
    assert client.get("/readyz").status_code == 200
    host.version_1({"memory/cgroup.procs": ""})
    assert "container_oom_events_total" in client.get("/metrics").text
    assert client.get("/readyz").status_code == 503


def test_head_has_no_body(client: httpx.Client) -> None:
    answer = client.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/metrics", 405)])
def test_errors_are_problem_documents(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
