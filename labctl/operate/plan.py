"""The record that `up` gives a lab: the options of `up` over the lab's earlier record, or over the defaults."""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from labctl.base import paths
from labctl.base.errors import InputError, LabctlError
from labctl.base.names import project_of
from labctl.state import ports
from labctl.state.store import LabRecord, LabStore, Ports

LOOPBACK = "127.0.0.1"
DEFAULT_RPS = 20.0
MIN_RPS, MAX_RPS = 1.0, 200.0
MAX_SEED = 2**31 - 1
MIN_SHARE = 0.1


@dataclass(frozen=True)
class LabOptions:
    """The options given to `up`; None keeps the lab's own value, or the default for a new lab."""

    rps: float | None = None
    seed: int | None = None
    bind: str | None = None
    cpu_share: float | None = None
    fog: str | None = None
    """The level of fog; it is no part of the lab's record: the lab's own file has it."""
    grafana: bool | None = None

    def check(self) -> None:
        """Raise InputError for values that no lab would accept."""
        if self.rps is not None and not MIN_RPS <= self.rps <= MAX_RPS:
            raise InputError(f"--rps {self.rps:g} is out of range", expected=f"{MIN_RPS:g} to {MAX_RPS:g} requests/s")
        if self.seed is not None and not 0 <= self.seed <= MAX_SEED:
            raise InputError(f"--seed {self.seed} is out of range", expected=f"0 to {MAX_SEED}")
        if self.cpu_share is not None and not MIN_SHARE <= self.cpu_share <= 1:
            raise InputError(f"--cpu-share {self.cpu_share:g} is out of range", expected=f"{MIN_SHARE:g} to 1")
        if self.bind is not None:
            _check_address(self.bind)

    def over(self, record: LabRecord) -> LabRecord:
        """Return the record with the options that were given."""
        share = record.cpu_share if self.cpu_share is None else self.cpu_share
        return replace(
            record,
            cpu_share=share,
            # With another share of the CPU everything costs something else: to be measured again.
            calibration=record.calibration if share == record.cpu_share else None,
            rps=record.rps if self.rps is None else self.rps,
            seed=record.seed if self.seed is None else self.seed,
            bind=record.bind if self.bind is None else self.bind,
            grafana=record.grafana if self.grafana is None else self.grafana,
        )


def new_record(name: str, options: LabOptions) -> LabRecord:
    """Return the record of a new lab, its ports chosen."""
    bind = options.bind or LOOPBACK
    chosen = ports.choose(name, reserved(name), lambda port: ports.is_free(port, bind))
    seed = options.seed if options.seed is not None else secrets.randbelow(MAX_SEED)
    rps, share = options.rps or DEFAULT_RPS, options.cpu_share or 1.0
    record = LabRecord(name, project_of(name), chosen, bind, rps, seed, time.time(), "starting", share)
    return replace(record, grafana=options.grafana is not False)


def with_free_ports(record: LabRecord, ours: Iterable[int]) -> tuple[LabRecord, dict[str, int]]:
    """Return the record with new ports for those that another program took, and the lost ports by name.

    `ours` are the ports that the lab's own containers listen on.
    """
    kept, lost = ports.replace_taken(
        record.name, record.ports, reserved(record.name), lambda port: ports.is_free(port, record.bind), ours
    )
    return replace(record, ports=kept), lost


def reserved(name: str) -> set[int]:
    """Return the ports that belong to the other labs on this host, running or not."""
    kept: set[int] = set()
    for other in paths.lab_names():
        if other != name:
            kept.update(astuple(_ports_of(other)))
    return kept


def _ports_of(name: str) -> Ports:
    try:
        return LabStore(paths.lab_dir(name)).record.ports
    except LabctlError:
        return Ports(0, 0, 0, 0, 0)  # the record is missing or damaged: the lab's ports are unknown


def _check_address(address: str) -> None:
    try:
        ipaddress.IPv4Address(address)
    except ValueError as error:
        raise InputError(
            f"--bind {address} is not an address",
            expected=f"an IPv4 address of this host: {LOOPBACK} (the default), or 0.0.0.0 for all of them",
        ) from error
