"""Version numbers of services: dotted numbers, compared by number, drawn for the next release."""

from __future__ import annotations

import random
import re

PATTERN = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*", re.ASCII)
MINOR_STEPS = 0.35
"""How many of all releases raise the number before the last one: the others only mend something."""


def is_version(text: str) -> bool:
    """Whether the text is dotted numbers, such as 2.15.0."""
    return PATTERN.fullmatch(text) is not None


def as_numbers(version: str) -> tuple[int, ...]:
    """Return a version's numbers: later versions are greater. Raises ValueError for a text that is no version."""
    if not is_version(version):
        raise ValueError(f"{version!r} is no version: expected dotted numbers, such as 2.15.0")
    return tuple(int(part) for part in version.split("."))


def following(version: str, draw: random.Random) -> str:
    """Return the version of the next release after `version`: a patch or a minor step, as `draw` decides.

    2.14.1 is followed by 2.14.2 or 2.15.0: as many numbers as before. Raises ValueError for a text that is no version.
    """
    numbers = list(as_numbers(version))
    minor = draw.random() < MINOR_STEPS
    if minor and len(numbers) > 1:
        return _dotted([*numbers[:-2], numbers[-2] + 1, 0])
    return _dotted([*numbers[:-1], numbers[-1] + 1])


def _dotted(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))
