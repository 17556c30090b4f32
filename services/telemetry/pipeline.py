"""The stages that every batch passes between the receiver and the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from services.telemetry.otlp.codec import LogsRequest, MetricsRequest, TracesRequest

Batch = TypeVar("Batch", TracesRequest, MetricsRequest, LogsRequest)


class Stage(Protocol):
    """A pure function from one batch to the batch that goes on; it may return its argument, and must not change it."""

    def __call__(self, batch: Batch, /) -> Batch:
        """Return the batch that goes on."""


def identity(batch: Batch) -> Batch:
    """Let everything through."""
    return batch


def chain(stages: Sequence[Stage]) -> Stage:
    """One stage that does all of them in order."""

    def run(batch: Batch) -> Batch:
        for stage in stages:
            batch = stage(batch)
        return batch

    return run
