"""What Prometheus and the trace store say of the connections in a lab in trouble: risk is slow, and refuses calls."""

from __future__ import annotations

from typing import Any

from tests.support.http_server import RecordedServer, Request

Figures = tuple[float, float, float]
"""Calls per second, those of them that went well, p95 in seconds."""
HTTP = "http_client_request_duration_seconds"
SQL = "db_client_operation_duration_seconds"
# For each metric: job, callee's address, figures while healthy, figures now (None where nothing is measured now).
SEEN: dict[str, tuple[tuple[str, str, Figures, Figures | None], ...]] = {
    "client_request_duration_seconds": (("clients", "", (20, 19.97, 0.12), (20.5, 18, 0.61)),),
    HTTP: (
        ("gateway", "payments:8080", (20, 19.97, 0.11), (20.5, 18, 0.6)),
        ("payments", "risk:8080", (12, 12, 0.03), (21, 17, 0.24)),
        ("payments", "acquirer:8080", (12, 11.95, 0.09), (11, 10.9, 0.092)),
        ("risk", "acquirer:8080", (1, 1, 0.05), None),
    ),
    SQL: (
        ("payments", "", (80, 80, 0.004), (78, 78, 0.0045)),
        ("risk", "", (1.5, 1.5, 0.01), (14, 14, 0.012)),
        ("ledger", "", (12, 12, 0.005), (11.5, 11.5, 0.005)),
        ("jobs", "", (0.2, 0.2, 0.05), (0.2, 0.2, 0.12)),
    ),
    "cache_requests_total": (("risk", "", (12, 12, 0), (21, 21, 0)),),
    "stream_messages_total": (("ledger", "", (12, 12, 0), (11.5, 11.5, 0)),),
}
CALLS = (("gateway", "payments", 1200), ("payments", "risk", 720), ("payments", "ledger", 700))


def record(server: RecordedServer) -> None:
    """Let the server answer as Prometheus and trace store of such a lab; a question with a time is about health."""
    server.answers["/api/v1/query"] = (200, figures_of)
    found = [{"parent": parent, "child": child, "callCount": calls} for parent, child, calls in CALLS]
    server.reply("/api/dependencies", {"data": found})


def figures_of(request: Request) -> dict[str, Any]:
    """Return the figures that a question asks for; none for another question."""
    query, healthy = request.params["query"], "time" in request.params
    names = (name for name in SEEN if f"({name}_" in query or f"({name}[" in query)
    result = [sample for name in names for sample in _samples(name, query, healthy=healthy)]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def _samples(name: str, query: str, *, healthy: bool) -> list[dict[str, Any]]:
    part = 2 if "quantile" in query else 1 if "{" in query else 0
    asked = [(job, address, before if healthy else now) for job, address, before, now in SEEN[name]]
    return [
        {"metric": {"job": job, "server_address": address}, "value": [0, str(figures[part])]}
        for job, address, figures in asked
        if figures is not None
    ]
