"""Feature flags: OpenFeature's interface, answered from a file in flagd's format that may be replaced while we run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.evaluation_context import EvaluationContext
from openfeature.flag_evaluation import FlagResolutionDetails, FlagValueType
from openfeature.provider import AbstractProvider
from openfeature.provider.in_memory_provider import InMemoryFlag, InMemoryProvider
from openfeature.provider.metadata import Metadata

from services.common.settings import Settings
from services.common.watched_file import WatchedFile

Context = EvaluationContext | None
Nested = Sequence[FlagValueType] | Mapping[str, FlagValueType]
ENABLED, DISABLED = "ENABLED", "DISABLED"


def connect(settings: Settings) -> OpenFeatureClient:
    """Read FLAGS_FILE and return a client for it; its callers give the value of a flag that the file doesn't have."""
    path = Path(settings.text("FLAGS_FILE", "/run/flags/flags.json"))
    api.set_provider_and_wait(FlagFile(path))
    return api.get_client()


class FlagFile(AbstractProvider):
    """A provider that reads its flags from a file; while the file is missing or half written, its last good content.

    It reads state, variants and defaultVariant of flagd's format (flagd.dev/reference/flag-definitions). It refuses a
    whole file when a flag in it has targeting rules: without them, the flag would apply to requests that they exclude.
    """

    def __init__(self, path: Path) -> None:
        self._file = WatchedFile(path, parse, InMemoryProvider({}))

    def get_metadata(self) -> Metadata:
        """Return the provider's name."""
        return Metadata("flag-file")

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: Context = None
    ) -> FlagResolutionDetails[bool]:
        """Return what the file says of a flag."""
        return self._file.read().resolve_boolean_details(flag_key, default_value, evaluation_context)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: Context = None
    ) -> FlagResolutionDetails[str]:
        """Return what the file says of a flag."""
        return self._file.read().resolve_string_details(flag_key, default_value, evaluation_context)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: Context = None
    ) -> FlagResolutionDetails[int]:
        """Return what the file says of a flag."""
        return self._file.read().resolve_integer_details(flag_key, default_value, evaluation_context)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: Context = None
    ) -> FlagResolutionDetails[float]:
        """Return what the file says of a flag."""
        return self._file.read().resolve_float_details(flag_key, default_value, evaluation_context)

    def resolve_object_details(
        self, flag_key: str, default_value: Nested, evaluation_context: Context = None
    ) -> FlagResolutionDetails[Nested]:
        """Return what the file says of a flag."""
        return self._file.read().resolve_object_details(flag_key, default_value, evaluation_context)


def parse(text: str) -> InMemoryProvider:
    """Return the flags of a file's text that are enabled. Raises ValueError, KeyError or TypeError."""
    described = json.loads(text)["flags"]
    flags = {name: _flag(name, each) for name, each in described.items() if _enabled(name, each)}
    return InMemoryProvider(flags)


def _enabled(name: str, described: Mapping[str, Any]) -> bool:
    state = described["state"]
    if state not in (ENABLED, DISABLED):
        raise ValueError(f"the state of flag {name} is neither {ENABLED} nor {DISABLED}")
    return bool(state == ENABLED)


def _flag(name: str, described: Mapping[str, Any]) -> InMemoryFlag[Any]:
    variants, default = dict(described["variants"]), described["defaultVariant"]
    if default not in variants:
        raise ValueError(f"flag {name} has no variant {default!r}")
    if described.get("targeting"):
        raise ValueError(f"flag {name} has targeting rules, which are not supported")
    return InMemoryFlag(default, variants)
