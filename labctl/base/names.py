"""Lab names: what is allowed, and the compose project a name stands for."""

from __future__ import annotations

import re

from labctl.base.errors import InputError

DEFAULT_NAME = "lab"
PROJECT_PREFIX = "labctl-"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def check_name(name: str) -> str:
    """Return `name` when a lab may be called so; raises InputError otherwise."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"'{name}' is not a lab name",
            expected="a lower-case letter, then up to 30 lower-case letters, digits or dashes",
            todo=f"try --name {DEFAULT_NAME}",
        )
    return name


def project_of(name: str) -> str:
    """Return the compose project, hence the prefix of every container, network and volume, of a lab."""
    return PROJECT_PREFIX + name


def option_of(name: str) -> str:
    """Return the option that selects this lab, such as " --name blue"; empty for the default name."""
    return "" if name == DEFAULT_NAME else f" --name {name}"
