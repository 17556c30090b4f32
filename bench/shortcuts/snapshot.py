"""What one look at an incident found: the answers of `labctl … --json`, which every player gets, and can be kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from labctl.model.measurement import Curve, Window

Json = dict[str, Any]


@dataclass(frozen=True)
class Series:
    """One series of a look-up of metrics: its labels, and its points as pairs of epoch seconds and value."""

    labels: Mapping[str, str]
    points: Curve


@dataclass(frozen=True)
class Snapshot:
    """The look-ups of one incident; `healthy` is the time just before `labctl break`, in which the lab was well."""

    fog: str
    healthy: Window
    looked_at: float
    page: Json
    """The page of `labctl break --json`."""
    changes: Sequence[Json]
    """The last hour's entries of `labctl changes`, the oldest first, each with its `diff`; empty where it has none."""
    curves: Mapping[str, Sequence[Series]]
    """By query, from the healthy time until now."""
    lines: Mapping[str, Sequence[float]]
    """By the name of the signal, when the lines that match were written, in epoch seconds."""
    traces: Mapping[str, Sequence[float]]
    """The same of traces."""
    errors: Sequence[Json]
    """The lines of level error since the lab was broken, the oldest first."""
    failing: Sequence[Json]
    """The traces with failed spans, as `labctl trace` shows them, the newest first."""
    rows: Mapping[str, Sequence[float | None]]
    """By statement, what the database answered before and now."""

    @property
    def broken(self) -> Window:
        """From the moment at which `labctl break` was typed."""
        return Window(self.healthy.end, self.looked_at)

    @property
    def paged(self) -> Window:
        """From the page on."""
        return Window(moment(self.page["at"]), self.looked_at)

    def keep(self, path: Path) -> None:
        """Write it to a file."""
        path.write_bytes(gzip.compress(json.dumps(asdict(self)).encode(), mtime=0))

    @classmethod
    def read(cls, path: Path) -> Snapshot:
        """Return the one that a file holds."""
        known = json.loads(gzip.decompress(path.read_bytes()))
        curves = {
            query: [Series(each["labels"], tuple((at, value) for at, value in each["points"])) for each in series]
            for query, series in known["curves"].items()
        }
        return cls(**{**known, "healthy": Window(**known["healthy"]), "curves": curves})


def moment(text: str) -> float:
    """Return the epoch seconds of a moment in an answer."""
    return datetime.fromisoformat(text).timestamp()
