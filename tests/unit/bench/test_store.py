from __future__ import annotations

from pathlib import Path

import pytest

from bench import store
from bench.otlp_load import Batches
from bench.store import Use, figures, require_whole, running, use
from labctl.base.errors import EngineError
from labctl.base.waiting import pause
from services.telemetry.otlp.codec import LogsRequest, TracesRequest


def test_the_budgets_are_a_fifth_of_a_core_and_150_megabytes() -> None:
    made = figures(Use(0.001, 60), Use(0.1, 75))
    assert [(each.value, each.budget) for each in made] == [(0.1, 0.2), (75, 150), (0.001, 0.01)]


def test_the_load_has_as_many_spans_and_lines_as_it_says() -> None:
    (_, spans), (_, lines) = Batches(5, 200).next()
    found = TracesRequest.FromString(spans).resource_spans[0].scope_spans[0].spans
    records = LogsRequest.FromString(lines).resource_logs[0].scope_logs[0].log_records
    assert (len(found), len(records)) == (200, 200)
    assert len({each.span_id for each in found}) == 200
    assert 300 < found[0].ByteSize() < 800


def test_a_store_is_started_measured_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "A_SECOND", 50)
    with running(tmp_path) as (process, port):
        taken = use(process.pid, lambda: store.send(port, 1))
        assert taken.cores >= 0
        assert 20 < taken.memory_mb < 300
        pause(0.5)
        require_whole(port, 50)
        with pytest.raises(EngineError, match="the store took"):
            require_whole(port, 51)
    assert process.returncode is not None
