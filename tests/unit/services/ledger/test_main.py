from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]


def test_sigterm_ends_it_while_everything_is_away() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
        "DATABASE_URL": "postgresql://ledger@127.0.0.1:9/payments",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.ledger"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0, first + rest
    assert "waiting" in first
