from __future__ import annotations

from pathlib import Path

import pytest

from services.containers import exposition, host_cpu
from services.containers.processes import TICKS
from tests.support.exposition import read

STAT = f"cpu  {TICKS} 0 {2 * TICKS} {9 * TICKS} 0 0 0 {TICKS // 2} 7 7\ncpu0 1 2 3 4\nintr 5\n"


def test_the_seconds_of_all_cpus_by_mode(tmp_path: Path) -> None:
    (tmp_path / "stat").write_text(STAT)
    found = host_cpu.seconds(tmp_path)
    assert found == {
        **{"user": 1.0, "nice": 0.0, "system": 2.0, "idle": 9.0},
        **{"iowait": 0.0, "irq": 0.0, "softirq": 0.0, "steal": 0.5},
    }
    page = read(exposition.render([], found), openmetrics=False)
    assert page.types == {"node_cpu_seconds_total": "counter"}
    assert page.value("node_cpu_seconds_total", mode="steal") == 0.5


@pytest.mark.parametrize("text", [None, "", "cpu x\n", "intr 5\n"])
def test_what_the_kernel_does_not_tell_is_no_figure(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "stat").write_text(text)
    assert host_cpu.seconds(tmp_path) == {}
