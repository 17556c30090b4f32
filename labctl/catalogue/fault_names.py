"""The ids that faults may have, and the names of their files."""

from __future__ import annotations

import re

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


def is_id(text: str) -> bool:
    """Whether a fault may have this id: what breaks and how, in at least two lower-case words with dashes."""
    return bool(_ID.fullmatch(text))


def module_name(fault_id: str) -> str:
    """Return the name of a fault's module."""
    return fault_id.replace("-", "_")


def file_name(fault_id: str) -> str:
    """Return the name of a fault's file."""
    return f"{module_name(fault_id)}.py"
