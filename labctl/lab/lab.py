"""A lab: one isolated running stack, and the only door through which anything changes it: its mechanisms."""

from __future__ import annotations

from functools import cached_property

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.base.names import check_name, option_of, project_of
from labctl.lab import calibration
from labctl.lab.addresses import Addresses
from labctl.lab.environment import Environment
from labctl.lab.measuring import MeasuringClient
from labctl.lab.mechanisms.acquirer import ACQUIRER, Acquirer
from labctl.lab.mechanisms.cache import Cache
from labctl.lab.mechanisms.configuration import Configuration
from labctl.lab.mechanisms.containers import Containers
from labctl.lab.mechanisms.cpu import Cpu
from labctl.lab.mechanisms.database import Database
from labctl.lab.mechanisms.flags import Flags
from labctl.lab.mechanisms.fog import Fog
from labctl.lab.mechanisms.jobs import Jobs
from labctl.lab.mechanisms.load import Load
from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.lab.mechanisms.memory import Memory
from labctl.lab.mechanisms.network import Network
from labctl.lab.mechanisms.release import Releases
from labctl.lab.mechanisms.stream import Stream
from labctl.lab.stack import Stack
from labctl.lookups.logs import LokiClient
from labctl.lookups.prometheus import PrometheusClient
from labctl.lookups.traces import JaegerClient
from labctl.state.flags import FlagFile
from labctl.state.fog import FogFile
from labctl.state.processor import ProcessorFile
from labctl.state.settings import ConfigurationFiles
from labctl.state.store import PAUSED, LabRecord, LabStore
from labctl.state.traffic import TrafficFile


class Lab:
    """One lab, by name; cheap to make, opens nothing until it is asked."""

    def __init__(self, name: str) -> None:
        self.name = check_name(name)
        self.folder = paths.lab_dir(name)
        self.store = LabStore(self.folder)
        self.files = ConfigurationFiles(self.folder / "config", paths.bundle_root() / "compose" / "config")
        self.flag_file = FlagFile(
            self.folder / "flags" / "flags.json", paths.bundle_root() / "compose" / "config" / "flags.json"
        )
        self.fog_file = FogFile(
            self.folder / "fog" / "fog.json", paths.bundle_root() / "compose" / "config" / "fog.json"
        )
        self.traffic_file = TrafficFile(self.folder / "clients" / "plan")

    @classmethod
    def open(cls, name: str) -> Lab:
        """Return a lab that `up` made. Raises NotFoundError with the nearest name, InputError for an invalid name."""
        lab = cls(name)
        if not lab.store.exists:
            raise NotFoundError("lab", name, paths.lab_names(), todo=f"start it: labctl up{lab.option}")
        return lab

    @property
    def option(self) -> str:
        """The option that selects this lab, such as " --name blue"; empty for the default name."""
        return option_of(self.name)

    @property
    def record(self) -> LabRecord:
        """What the lab is: ports, rate, seed, status; read anew each time."""
        return self.store.record

    @property
    def paused(self) -> bool:
        """Whether the lab is paused, or was being paused or resumed by a command that was killed."""
        try:
            return self.record.status == PAUSED
        except LabStateError:
            return False  # its first `up` was killed before it had chosen anything

    def require_awake(self) -> None:
        """Raise LabStateError for a paused lab: nothing in it would answer."""
        if self.paused:
            raise LabStateError(
                f"the lab '{self.name}' is paused", expected="a lab that runs", todo=f"run `labctl resume{self.option}`"
            )

    @property
    def rps(self) -> float:
        """The load that the clients aim at, in requests per second."""
        return self.record.rps

    @property
    def speed(self) -> float | None:
        """How many times as fast as the reference this host is; None for a lab that was not measured yet."""
        return calibration.speed(self.store)

    @property
    def addresses(self) -> Addresses:
        """The addresses at which this host reaches the lab's published ports."""
        return Addresses(self.folder, self.record)

    @property
    def processor_file(self) -> ProcessorFile:
        """How the external processor behaves."""
        return ProcessorFile(self.folder / "processor" / "plan", self.files.shipped(ACQUIRER))

    @property
    def environment(self) -> Environment:
        """The files that compose reads for this lab."""
        return Environment(self.folder, self.store)

    @cached_property
    def stack(self) -> Stack:
        """The lab's containers."""
        return Stack(project_of(self.name), self.folder)

    @cached_property
    def prometheus(self) -> PrometheusClient:
        """The lab's Prometheus, which answers every query as it is written: a learner's."""
        self.require_awake()
        return PrometheusClient(self.addresses.prometheus)

    @cached_property
    def metrics(self) -> PrometheusClient:
        """The lab's Prometheus as probes ask it: with windows as wide as the fog over the lab demands."""
        self.require_awake()
        return MeasuringClient(self.addresses.prometheus, self.fog_file)

    @cached_property
    def traces(self) -> JaegerClient:
        """The lab's trace store."""
        self.require_awake()
        return JaegerClient(self.addresses.telemetry)

    @cached_property
    def logs(self) -> LokiClient:
        """The lab's log store."""
        self.require_awake()
        return LokiClient(self.addresses.telemetry)

    @property
    def configuration(self) -> Configuration:
        """Change settings of services."""
        return Configuration(self.stack, self.store, self.files)

    @property
    def releases(self) -> Releases:
        """Roll versions of services out."""
        return Releases(self.stack, self.store, self.environment)

    @property
    def cpu(self) -> Cpu:
        """Give services less CPU."""
        return Cpu(self.stack, self.store, self.metrics)

    @property
    def memory(self) -> Memory:
        """Give services less memory."""
        return Memory(self.stack, self.store)

    @property
    def network(self) -> Network:
        """Lose packets between services."""
        return Network(self.stack, self.store)

    @property
    def database(self) -> Database:
        """Migrate the database, load payments, hold sessions open."""
        return Database(self.stack, self.store)

    @property
    def jobs(self) -> Jobs:
        """Run one-off jobs."""
        return Jobs(self.stack, self.store)

    @property
    def stream(self) -> Stream:
        """Put records into the stream of payment events."""
        return Stream(self.stack, self.store)

    @property
    def cache(self) -> Cache:
        """Change the cache's settings."""
        return Cache(self.stack, self.store, self.files)

    @property
    def acquirer(self) -> Acquirer:
        """Change the external processor's behaviour."""
        return Acquirer(self.stack, self.store, self.processor_file)

    @property
    def flags(self) -> Flags:
        """Switch feature flags."""
        return Flags(self.stack, self.store, self.flag_file)

    @property
    def fog(self) -> Fog:
        """Make the telemetry less complete, or complete again."""
        return Fog(self.stack, self.store, self.fog_file)

    @property
    def load(self) -> Load:
        """Make the clients send more requests, fewer, or others."""
        return Load(self.stack, self.store, self.traffic_file)

    @property
    def containers(self) -> Containers:
        """Restart services, or start them on another host."""
        return Containers(self.stack, self.store)

    @property
    def mechanisms(self) -> dict[str, Mechanism]:
        """Every way to change the lab, by its name in the undo log."""
        everything: tuple[Mechanism, ...] = (
            *(self.configuration, self.releases, self.flags, self.cache, self.acquirer, self.database, self.jobs),
            *(self.stream, self.cpu, self.memory, self.network, self.load, self.containers, self.fog),
        )
        return {each.name: each for each in everything}
