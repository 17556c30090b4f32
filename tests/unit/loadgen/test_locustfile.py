"""The users as Locust runs them: a process of its own, since Locust makes the sockets of its process cooperative."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

ROOT = Path(__file__).parents[3]
RPS = 120
ENOUGH = 300


@dataclass
class Shop:
    """A gateway and a metrics receiver in one: remembers requests, and says when there were enough."""

    port: int = 0
    opens_after: int = 3
    """How often it has to be asked whether it is open until it is."""
    early: list[str] = field(default_factory=list)
    """What was asked of it before."""
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    exports: list[bytes] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def open(self) -> bool:
        self.opens_after -= 1
        return self.opens_after <= 0

    def note(self, method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, object]:
        if path == "/v1/metrics":
            self.exports.append(body)
            return {}
        if self.opens_after > 0:
            self.early.append(path)
        self.seen.append((method, path, headers, body))
        if len(self.seen) >= ENOUGH and self.exports:
            self.enough.set()
        return {"payment_id": f"00000000-0000-4000-8000-{len(self.seen):012}", "status": "captured", "items": []}


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/readyz":
                self.send_response(200 if shop.open() else 503)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            payload = json.dumps(shop.note(self.command, self.path, headers, body)).encode()
            self.send_response(201 if self.command == "POST" else 200)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield shop
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def load(shop: Shop) -> tuple[int, str]:
    """Run the load until the shop has seen enough; return Locust's exit code and what it printed."""
    url = f"http://127.0.0.1:{shop.port}"
    command = [sys.executable, "-m", "locust", "--config", "loadgen/locust.conf"]
    process = subprocess.Popen(
        [*command, "-f", "loadgen/locustfile.py", "--host", url],
        cwd=ROOT,
        env={
            **os.environ,
            "TARGET_RPS": str(RPS),
            "LOAD_SEED": "5",
            "RISK_URL": url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    in_time = shop.enough.wait(60)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert in_time, output
    return process.returncode, output


def endpoint(method: str, path: str) -> str:
    if method == "POST":
        return "refund" if path.endswith("/refunds") else "checkout"
    return "history" if "/merchants/" in path else "lookup"


def test_every_kind_of_user_is_at_work_in_its_share(shop: Shop, load: tuple[int, str]) -> None:
    counts = Counter(endpoint(method, path) for method, path, _, _ in shop.seen)
    total = sum(counts.values())
    assert counts["checkout"] / total == pytest.approx(0.60, abs=0.12)
    assert counts["lookup"] / total == pytest.approx(0.20, abs=0.10)
    assert counts["history"] / total == pytest.approx(0.14, abs=0.08)
    assert counts["refund"] / total == pytest.approx(0.06, abs=0.05)


def test_requests_carry_their_id_and_no_trace(shop: Shop, load: tuple[int, str]) -> None:
    ids = [headers["x-request-id"] for _, _, headers, _ in shop.seen]
    assert len(set(ids)) == len(ids)
    assert not any("traceparent" in headers for _, _, headers, _ in shop.seen)
    assert all(headers["connection"].lower() == "close" for _, _, headers, _ in shop.seen)


def test_what_changes_something_carries_a_key(shop: Shop, load: tuple[int, str]) -> None:
    posts = [headers for method, _, headers, body in shop.seen if method == "POST" and json.loads(body)]
    keys = [headers["idempotency-key"] for headers in posts]
    assert len(set(keys)) == len(keys) > 0


def test_people_look_at_payments_that_were_made(shop: Shop, load: tuple[int, str]) -> None:
    looked_at = {path.rsplit("/", 1)[-1] for method, path, _, _ in shop.seen if endpoint(method, path) == "lookup"}
    assert looked_at
    assert all(payment.startswith("00000000-0000-4000-8000-") for payment in looked_at)


def test_the_clients_view_is_exported(shop: Shop, load: tuple[int, str]) -> None:
    names = set()
    for body in shop.exports:
        request = ExportMetricsServiceRequest.FromString(body)
        for resource in request.resource_metrics:
            attributes = {item.key: item.value.string_value for item in resource.resource.attributes}
            assert attributes["service.name"] == "clients"
            names |= {metric.name for scope in resource.scope_metrics for metric in scope.metrics}
    assert names == {"client.request.duration"}


def test_nobody_comes_before_the_shop_is_open(shop: Shop, load: tuple[int, str]) -> None:
    assert shop.opens_after < 0  # it was open, then asked once more, as risk
    assert [path for path in shop.early if path != "/v1/metrics"] == []


def test_it_ends_well_and_quietly(load: tuple[int, str]) -> None:
    code, output = load
    assert code == 0, output
    assert "Traceback" not in output
    assert "WARNING" not in output
