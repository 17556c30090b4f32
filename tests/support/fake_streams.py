"""Redis's stream commands: prepared answers, and the arguments remembered."""

from __future__ import annotations

from typing import Any


class FakeStreams:
    """Gives prepared answers to stream commands and remembers their arguments."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, command: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append((command, arguments, options))
            answer = self.answers.get(command)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def pipeline(self, *, transaction: bool) -> FakeStreams:
        assert transaction
        return self

    def __enter__(self) -> FakeStreams:
        return self

    def __exit__(self, *_: object) -> None:
        self.calls.append(("reset", (), {}))
