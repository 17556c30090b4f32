"""A lab: one isolated running stack, and the only door through which a fault touches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.base.names import DEFAULT_NAME, check_name, project_of
from labctl.docker.postgres_server import PostgresServer
from labctl.docker.redis_server import Memory
from labctl.images import releases
from labctl.images.images import Images
from labctl.lab import calibration, changing, cpu_limits, cpu_share, merchant_import
from labctl.lab.calibration import Calibration
from labctl.lab.changing import Said
from labctl.lab.cpu_limits import CpuLimits
from labctl.lab.event_stream import EventStream
from labctl.lab.merchant_import import MerchantImport
from labctl.lab.migrations import Migration, Migrations
from labctl.lab.packet_filter import PacketFilter
from labctl.lab.stack import Stack
from labctl.lookups.logs import LokiClient
from labctl.lookups.prometheus import PrometheusClient
from labctl.lookups.traces import JaegerClient
from labctl.state import env_file, lab_env
from labctl.state.changes import Change, NewChange
from labctl.state.configuration import Configuration
from labctl.state.journal import LOOK_UP, Journal
from labctl.state.state import LabRecord, LabStore

RESTORER = "on-call"
RELEASES = "releases"
"""The setting with the version of every service that does not run the shipped one."""
ACQUIRER = "acquirer"
FEATURES = "features:*"
CACHE, FILLED_BY = "redis", "risk"
"""Where the features are, and who stores those of the busy customers when it starts."""


class Lab:
    """One lab, by name; cheap to make, opens nothing until it is asked."""

    def __init__(self, name: str) -> None:
        self.name = check_name(name)
        self.project = project_of(name)
        self.folder = paths.lab_dir(name)
        self.store = LabStore(self.folder)
        self.configuration = Configuration(self.folder / "config", paths.bundle_root() / "compose" / "config")

    @classmethod
    def open(cls, name: str) -> Lab:
        """Return a lab that `up` made. Raises NotFoundError with the nearest one, InputError for no name at all."""
        lab = cls(name)
        if not lab.store.exists:
            raise NotFoundError("lab", name, paths.lab_names(), todo=f"start it: labctl up{lab.flag}")
        return lab

    @property
    def record(self) -> LabRecord:
        """What the lab is: ports, rate, seed, status; read anew each time."""
        return self.store.record

    @property
    def rps(self) -> float:
        """The load that the clients aim at, in requests per second."""
        return self.record.rps

    @property
    def calibration(self) -> Calibration | None:
        """What things cost on this host; None for a lab that was not measured yet."""
        document = self.record.calibration
        return Calibration.from_document(document) if document else None

    @property
    def speed(self) -> float | None:
        """How many times as fast as the reference this host is; None for a lab that was not measured yet."""
        known = self.calibration
        return known.speed if known else None

    @property
    def journal(self) -> Journal:
        """The append-only record of everything that happened."""
        return self.store.journal

    @cached_property
    def metrics(self) -> PrometheusClient:
        """The lab's Prometheus."""
        return PrometheusClient(self.url(self.record.ports.prometheus))

    @cached_property
    def traces(self) -> JaegerClient:
        """The lab's trace store."""
        return JaegerClient(self.url(self.record.ports.telemetry))

    @cached_property
    def logs(self) -> LokiClient:
        """The lab's log store."""
        return LokiClient(self.url(self.record.ports.telemetry))

    @cached_property
    def stack(self) -> Stack:
        """The lab's containers."""
        return Stack(self.project, self.folder)

    @property
    def own_releases(self) -> Path:
        """The folder with releases of a user's own faults, beside the shipped ones; there when there are any."""
        return self.folder / RELEASES

    @property
    def flag(self) -> str:
        """What to add to a command so that it means this lab; begins with a space, empty for the default name."""
        return "" if self.name == DEFAULT_NAME else f" --name {self.name}"

    @property
    def host(self) -> str:
        """The address at which this host reaches the published ports."""
        bind = self.record.bind
        return "127.0.0.1" if bind == "0.0.0.0" else bind  # noqa: S104 - compared, not bound

    def url(self, port: int) -> str:
        """Return the address of a published port, as seen from this host."""
        return f"http://{self.host}:{port}"

    def credential(self, variable: str) -> str:
        """Return one of the lab's passwords, such as OBSERVER_DB_PASSWORD. Raises LabStateError where there is none."""
        try:
            return lab_env.read(self.folder)[variable]
        except KeyError as error:
            raise LabStateError(
                f"the lab '{self.name}' has no {variable}", todo=f"run `labctl up{self.flag}`"
            ) from error

    def looked_up(self, command: str, **asked: object) -> None:
        """Record that the learner looked at something; works while another command holds the lab."""
        self.journal.append(LOOK_UP, {"command": command, **asked})

    def config(self, service: str) -> dict[str, str]:
        """Return a service's settings. Raises NotFoundError with the nearest service."""
        return self.configuration.settings(service)

    def change_config(self, service: str, key: str, value: str, *, author: str, summary: str) -> Change | None:
        """Change one setting and roll the service out; None when it has that value. Raises NotFoundError for the key.

        The change is in the feed as `author` would describe it.
        """
        text = self.configuration.text(service)
        settings = env_file.parse(text)
        if key not in settings:
            raise NotFoundError(f"setting of {service}", key, settings)
        changed = env_file.with_value(text, key, value)
        return self._change_text(service, changed, Said(author, summary))

    def restore_config(self, service: str, *, author: str = RESTORER, summary: str = "") -> Change | None:
        """Give a service the configuration it was shipped with; None, and nothing touched, when it runs with that."""
        said = Said(author, summary or "Restore configuration")
        return self._change_text(service, self.configuration.shipped(service), said)

    def restore_cache(self) -> None:
        """Give Redis the configuration it was shipped with, and have risk fill it; harmless when it has that.

        What was evicted does not come back by itself: the busy accounts' queries take longer than a request may.
        """
        if self.configuration.text(CACHE) != self.configuration.shipped(CACHE) or self._pending(CACHE):
            self.store.set(_pending_key(FILLED_BY), {})
        self.restore_config(CACHE)
        if self._pending(FILLED_BY):
            self._roll_out(FILLED_BY, lambda: None, None)
            self.store.touch()

    def version(self, service: str) -> str:
        """Return the version of a service that runs. Raises NotFoundError with the nearest service."""
        shipped = self._shipped_version(service)
        return str((self.store.get(RELEASES) or {}).get(service, shipped))

    def deploy(self, service: str, version: str, *, author: str = "", summary: str = "") -> Change | None:
        """Build a version of a service and roll it out; None when that one runs. Raises NotFoundError for both.

        The feed tells of it as the release itself does, or as `author` would with `summary`.
        """
        before = self.version(service)
        shipped = version == self._shipped_version(service)
        # The way back does not depend on releases of one's own that never ran: they may be what is broken.
        own = None if shipped and before in releases.versions(service) else self.own_releases
        known = releases.release(service, version, own)
        said = Said(author or (known.author if known else RESTORER), summary or (known.message if known else ""))
        if version == before and not self._pending(service):
            return None
        tree = paths.bundle_root() if shipped else releases.source_tree(service, version, own)
        Images(paths.bundle_root()).build_service(service, version, tree)
        change = changing.release(service, before, version, said, own, back=shipped) if version != before else None

        def write() -> None:
            others = {**(self.store.get(RELEASES) or {})}
            others.pop(service, None)
            self.store.set(RELEASES, others if shipped else {**others, service: version})
            self.write_env()

        return self._roll_out(service, write, change)

    def restore_release(self, service: str) -> Change | None:
        """Give a service the version it was shipped with; None, and nothing touched, when that one runs."""
        version = self._shipped_version(service)
        return self.deploy(service, version, author=RESTORER, summary=f"Roll back to {version}")

    def limit_cpu(self, service: str, share: float) -> None:
        """Let a service use this share of what it uses now, as a host that gives it less would: nobody announces that.

        Raises LabStateError when nobody knows what it uses.
        """
        used = self.metrics.scalar(cpu_limits.in_use(service))
        if not used:
            raise LabStateError(f"there are no figures of the CPU that {service} uses", todo="see `labctl status`")
        CpuLimits(self.stack, self.store).cut(service, used * share)

    def restore_cpu(self, service: str) -> None:
        """Give a service the CPU that the compose file gives it; harmless when nothing was taken."""
        if CpuLimits(self.stack, self.store).restore(service):
            self.store.touch()

    def lose_packets(self, service: str, peer: str, share: float) -> None:
        """Lose this share (0 to 1) of the packets between two services, in each direction."""
        PacketFilter(self.stack, self.store).lose(service, peer, share)

    def restore_packets(self, service: str) -> None:
        """Lose none of a service's packets; harmless when none were lost."""
        if PacketFilter(self.stack, self.store).restore(service):
            self.store.touch()

    def change_acquirer(self, **settings: str) -> None:
        """Make the external processor behave otherwise. Raises NotFoundError for a setting that it doesn't have.

        It is not ours, so that nobody tells us: the change feed has no entry.
        """
        text = self.configuration.text(ACQUIRER)
        known = env_file.parse(text)
        for key, value in settings.items():
            if key not in known:
                raise NotFoundError(f"setting of {ACQUIRER}", key, known)
            text = env_file.with_value(text, key, value)
        self._tell_acquirer(text)

    def restore_acquirer(self) -> None:
        """Make the external processor behave as ever; harmless when it does."""
        self._tell_acquirer(self.configuration.shipped(ACQUIRER))

    def migrate(self, migration: Migration, *, author: str, summary: str) -> None:
        """Take a schema migration up, as `author` describes it in the feed. Raises EngineError with what psql says."""
        self._migrations().apply(migration, Said(author, summary))

    def revert_migration(self, migration: Migration) -> None:
        """Take a migration down; harmless when it was never up."""
        self._migrations().revert(migration, Said(RESTORER, f"Take {migration.name} down again"))

    def import_payments(self, what: MerchantImport) -> None:
        """Bring in a merchant's payments from elsewhere; that is business, no change of ours: the feed has no entry."""
        self.store.set(_import_key(what), {})
        merchant_import.load(self._postgres(), self._scaled(what))

    def remove_import(self, what: MerchantImport) -> None:
        """Take those payments out again; harmless when they never came in."""
        if self.store.get(_import_key(what)) is not None:
            merchant_import.remove(self._postgres(), what)
            self.store.unset(_import_key(what))
            self.store.touch()

    def publish_event(self, fields: Mapping[str, str]) -> None:
        """Append a record to the stream of payment events, as a producer that is not payments would."""
        self.store.set(_event_key(fields["event_id"]), {})
        EventStream(self.stack.redis()).append(fields)

    def remove_event(self, event_id: str) -> None:
        """Take an event's record out of the stream again; harmless when it was never published."""
        if self.store.get(_event_key(event_id)) is not None:
            EventStream(self.stack.redis()).remove(event_id)
            self.store.unset(_event_key(event_id))
            self.store.touch()

    def redis_memory(self) -> Memory:
        """Return how much memory Redis uses, and how much of it for risk's features. Raises EngineError."""
        return self.stack.redis().memory(FEATURES)

    def write_env(self) -> None:
        """Write lab.env anew, and the share of CPU: what record, releases and passwords mean for compose."""
        values = lab_env.settings(self.record, self.folder, self.store.get(RELEASES) or {})
        lab_env.write(self.folder, values)
        cpu_share.write(self.folder, paths.bundle_root() / "compose" / "lab.yml", self.record.cpu_share)

    def calibrate(self) -> Calibration:
        """Measure what things cost on this host, unless that is known, and keep it. For a lab that serves."""
        known = self.calibration
        if known is None:
            known = calibration.measure(self._postgres(), self.metrics)
            self.store.save(replace(self.record, calibration=known.document()))
        return known

    def _scaled(self, what: MerchantImport) -> MerchantImport:
        """Return the import with as many payments as take this host as long as they would take the reference."""
        known = self.calibration
        return replace(what, payments=calibration.scaled(what.payments, known.speed)) if known else what

    def _postgres(self) -> PostgresServer:
        return PostgresServer(self.stack.docker, self.stack.container("postgres").id)

    def _migrations(self) -> Migrations:
        return Migrations(self._postgres(), self.store)

    def _shipped_version(self, service: str) -> str:
        return releases.versions(service)[0]

    def _change_text(self, service: str, text: str, said: Said) -> Change | None:
        before = self.configuration.text(service)
        if text == before and not self._pending(service):
            return None
        change = changing.configuration(service, before, text, said) if text != before else None
        return self._roll_out(service, lambda: self.configuration.write(service, text), change)

    def _tell_acquirer(self, text: str) -> None:
        if text != self.configuration.text(ACQUIRER) or self._pending(ACQUIRER):
            self._roll_out(ACQUIRER, lambda: self.configuration.write(ACQUIRER, text), None)
            self.store.touch()

    def _pending(self, service: str) -> bool:
        return self.store.get(_pending_key(service)) is not None

    def _roll_out(self, service: str, write: Callable[[], None], change: NewChange | None) -> Change | None:
        # A process killed between the file and the roll-out leaves the mark: the next change finishes the roll-out.
        self.store.set(_pending_key(service), {})
        write()
        # In the feed before it is rolled out: that is when whoever did it began.
        added = self.store.changes.add(change) if change else None
        self.stack.rollout(service)
        self.store.unset(_pending_key(service))
        return added


def _pending_key(service: str) -> str:
    return f"rollout:{service}"


def _import_key(what: MerchantImport) -> str:
    return f"import:{what.reference}"


def _event_key(event_id: str) -> str:
    return f"event:{event_id}"
