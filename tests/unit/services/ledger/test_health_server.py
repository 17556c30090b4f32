from __future__ import annotations

import requests

from services.common.app import create_app
from services.ledger.health_server import HealthServer


def test_it_serves_until_it_is_stopped() -> None:
    server = HealthServer(create_app("ledger", "1.6.1", checks={"fine": lambda: None}), host="127.0.0.1", port=0)
    server.start()
    try:
        assert requests.get(f"http://127.0.0.1:{server.port}/healthz", timeout=5).json()["service"] == "ledger"
        assert requests.get(f"http://127.0.0.1:{server.port}/readyz", timeout=5).status_code == 200
    finally:
        server.stop()
