"""Short names for spans of many commands at once: not each command by its name, as the instrumentation has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import Span, Tracer, TracerProvider
from opentelemetry.util.types import Attributes


def summary(name: str) -> str:
    """Return a name that says each repeated command once; the span's `db.redis.pipeline_length` says how many."""
    commands = name.split(" ")
    once = dict.fromkeys(commands)
    return name if len(once) == len(commands) else f"PIPELINE {' '.join(once)}"


class ShortNames(TracerProvider):
    """Gives tracers of the provider in use whose spans have such names."""

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> Tracer:
        """Return one."""
        version = instrumenting_library_version
        return _Short(trace.get_tracer(instrumenting_module_name, version, None, schema_url, attributes))


class _Short(Tracer):
    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def start_span(self, name: str, *args: Any, **kwargs: Any) -> Span:  # noqa: ANN401 - handed on as they came
        return self._tracer.start_span(summary(name), *args, **kwargs)

    @contextmanager
    def start_as_current_span(self, name: str, *args: Any, **kwargs: Any) -> Iterator[Span]:  # type: ignore[override]  # noqa: ANN401
        with self._tracer.start_as_current_span(summary(name), *args, **kwargs) as span:
            yield span
