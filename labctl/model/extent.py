"""How much an impact is, as a learner estimates it: a range, of a share (1%-5%) or of a time (300ms-1s). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labctl.base.errors import InputError
from labctl.base.times import parse_duration

RATIO, SECONDS = "ratio", "s"
"""The units of probes that an estimate can be compared with."""
EXAMPLES = "a range such as 1%-5%, or 300ms-1s"
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)%", re.ASCII)


@dataclass(frozen=True)
class Extent:
    """A range, both ends included: a share from 0 to 1, or seconds."""

    low: float
    high: float
    unit: str

    def says(self, value: float | None, unit: str) -> bool | None:
        """Whether a measured value lies within; None when nothing was measured, or something of another unit."""
        if value is None or unit != self.unit:
            return None
        return self.low <= value <= self.high


def parse(text: str, option: str = "--how-much") -> Extent:
    """Return the range that a text states. Raises InputError that names `option`."""
    ends = [each.strip() for each in text.split("-")]
    if len(ends) != 2 or not all(ends):
        raise InputError(f"{option}: '{text}' is no range", expected=EXAMPLES)
    shares = [_SHARE.fullmatch(each) for each in ends]
    if any(each is None for each in shares):
        low, high = (parse_duration(each, option) for each in ends)
        return _ordered(text, Extent(low, high, SECONDS), option)
    low, high = (float(each[1]) / 100 for each in shares if each)
    if high > 1:
        raise InputError(f"{option}: '{text}' is more than all", expected=EXAMPLES)
    return _ordered(text, Extent(low, high, RATIO), option)


def _ordered(text: str, extent: Extent, option: str) -> Extent:
    if extent.low > extent.high:
        raise InputError(f"{option}: '{text}' ends before it begins", expected=EXAMPLES)
    return extent
