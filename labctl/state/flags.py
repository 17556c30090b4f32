"""The feature flags of a lab: a file in flagd's format, which its services follow while they run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labctl.base.errors import LabStateError, NotFoundError
from labctl.state.followed_file import FollowedFile


@dataclass(frozen=True)
class Flag:
    """One flag: its variants, the one in force, and its owner, the service that reads it."""

    name: str
    owner: str
    description: str
    variants: tuple[str, ...]
    variant: str


@dataclass(frozen=True)
class FlagFile(FollowedFile):
    """A lab's file of flags, which its services read with every request."""

    def flags(self) -> dict[str, Flag]:
        """Return every flag by its name. Raises LabStateError when the file was damaged."""
        try:
            return {name: _flag(name, each) for name, each in json.loads(self.text())["flags"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabStateError(
                f"{self.path} cannot be read: {error}",
                expected="feature flags in flagd's format",
                todo="remove it: the flags are then as they were shipped",
            ) from error

    def flag(self, name: str) -> Flag:
        """Return one flag. Raises NotFoundError with the nearest one, LabStateError."""
        known = self.flags()
        if name not in known:
            raise NotFoundError("feature flag", name, known)
        return known[name]

    def switched(self, variants: Mapping[str, str]) -> str:
        """Return the file's text with `variants` (by flag) in force. Raises NotFoundError, LabStateError."""
        for name, variant in variants.items():
            flag = self.flag(name)
            if variant not in flag.variants:
                raise NotFoundError(f"variant of {name}", variant, flag.variants)
        document = json.loads(self.text())
        for name, variant in variants.items():
            document["flags"][name]["defaultVariant"] = variant
        return json.dumps(document, indent=2) + "\n"


def _flag(name: str, described: Mapping[str, Any]) -> Flag:
    about = described.get("metadata", {})
    return Flag(
        name,
        str(about.get("owner", "")),
        str(about.get("description", "")),
        tuple(described["variants"]),
        str(described["defaultVariant"]),
    )
