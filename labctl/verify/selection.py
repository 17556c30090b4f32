"""Which faults a command line means: those named, all, or those that a change touches; of them, one shard."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.base.errors import InputError
from labctl.base.paths import bundle_root
from labctl.catalogue import catalogue
from labctl.model.fault import Fault
from labctl.verify import changed_faults, checkout, shards


def select(
    known: Sequence[Fault], ids: Sequence[str], *, everything: bool, changed: str | None, shard: str | None
) -> list[Fault]:
    """Return those of the `known` faults that are meant, each once.

    Raises InputError, or NotFoundError with the nearest fault or revision.
    """
    part = shards.parse(shard) if shard is not None else None
    if sum((bool(ids), everything, changed is not None)) != 1:
        raise InputError(
            "say which faults to verify, in one way",
            expected="their ids, or --all, or --changed BASE; or --soak alone",
            todo="run `labctl faults` to see the catalogue",
        )
    chosen = _chosen(known, ids, changed)
    return shards.part(chosen, part) if part else chosen


def _chosen(known: Sequence[Fault], ids: Sequence[str], changed: str | None) -> list[Fault]:
    if ids:
        return [catalogue.by_id(each, known) for each in dict.fromkeys(ids)]
    if changed is None:
        return list(known)
    root = bundle_root()
    return changed_faults.touched(known, checkout.changed_files(root, changed), root)
