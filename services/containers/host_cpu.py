"""What the whole host's CPU did, as node_exporter tells it: "steal" is the time that its machine's other guests had."""

from __future__ import annotations

from pathlib import Path

from services.containers.files import read
from services.containers.processes import TICKS

NAME = "node_cpu_seconds_total"
MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
"""In the order of /proc/stat (proc(5)); the two after them are counted among user and nice already."""


def seconds(proc: Path) -> dict[str, float]:
    """Return the seconds by mode, of all CPUs together; nothing from a kernel that does not tell them."""
    try:
        name, *ticks = read(f"{proc}/stat").partition("\n")[0].split()
        return {mode: int(each) / TICKS for mode, each in zip(MODES, ticks, strict=False)} if name == "cpu" else {}
    except (OSError, ValueError):
        return {}
