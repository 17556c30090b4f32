"""A counter or histogram that keeps what was added to it."""

from __future__ import annotations

from collections.abc import Mapping


class FakeInstrument:
    """Stands for any synchronous instrument."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, dict[str, object]]] = []

    def add(self, amount: float, attributes: Mapping[str, object] | None = None) -> None:
        self.calls.append((amount, dict(attributes or {})))

    record = add

    def labels(self, name: str) -> list[object]:
        """Return the values of one attribute, in the order of the calls."""
        return [attributes.get(name) for _, attributes in self.calls]
