"""The compose files: everything is bounded, nothing is exposed or privileged, and no two files disagree."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from labctl.base import paths
from labctl.lab.mechanisms import cpu
from labctl.model.services import packages, with_sources
from labctl.state import ports, settings
from labctl.state.settings import PASSWORDS

COMPOSE = paths.bundle_root() / "compose"
FILES = ("lab.yml", "ports.yml", "grafana.yml")
# What labctl gives: in lab.env, or from the stack itself.
GIVEN = {*PASSWORDS, "BIND_ADDRESS", "TARGET_RPS", "LOAD_SEED", "LAB_DIR", "BUNDLE_DIR"}
WITH_A_VOLUME = {"postgres", "redis", "telemetry", "prometheus"}


@cache
def document(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((COMPOSE / name).read_text())
    return loaded


def services() -> dict[str, dict[str, Any]]:
    return {**document("lab.yml")["services"], **document("grafana.yml")["services"]}


@pytest.fixture(params=sorted(services()))
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = services()[request.param]
    return found


def test_the_services_of_the_lab() -> None:
    exporters = {"postgres-exporter", "redis-exporter"}
    stores = {"postgres", "redis", "prometheus"}
    assert set(document("lab.yml")["services"]) == {*with_sources(), *stores, *exporters}


def test_memory_processors_and_processes_are_bounded(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+m", service["mem_limit"])
    assert service["memswap_limit"] == service["mem_limit"], "swap would turn a leak into slowness"
    assert 1_000 <= service["cpu_quota"] <= service["cpu_period"], "a machine with one core must be able to start it"
    assert service["cpu_period"] == cpu.PERIOD_US, "a quota says how many cores only beside its period"
    assert "cpus" not in service, "Docker takes no quota beside it"
    assert service["pids_limit"] <= 128


def test_nothing_is_privileged(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges"]
    assert service["read_only"] is True
    assert not {"privileged", "cap_add", "devices", "network_mode", "user"} & set(service)


def test_nothing_gets_the_docker_socket_and_binds_are_read_only(service: dict[str, Any]) -> None:
    for volume in service.get("volumes", []):
        if isinstance(volume, dict):
            assert volume["read_only"] is True
            assert "docker.sock" not in volume["source"]
        else:
            assert re.match(r"[a-z]+-data:", volume), "only named volumes are writable"


def test_it_can_run_beside_another_of_its_kind(service: dict[str, Any]) -> None:
    assert not {"container_name", "hostname", "networks", "depends_on"} & set(service)


def test_it_comes_back_after_the_kernel_killed_it(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"


def test_logs_are_bounded(service: dict[str, Any]) -> None:
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_no_health_check_burns_the_machine(service: dict[str, Any]) -> None:
    assert "healthcheck" not in service


def test_only_the_ports_file_and_grafana_publish_anything() -> None:
    assert not [name for name, each in document("lab.yml")["services"].items() if "ports" in each]


@pytest.mark.parametrize("name", ["ports.yml", "grafana.yml"])
def test_ports_are_bound_to_loopback_unless_asked(name: str) -> None:
    for each in document(name)["services"].values():
        assert all(port.startswith("${BIND_ADDRESS:-127.0.0.1}:${") for port in each["ports"])


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_given(name: str) -> None:
    named = set(re.findall(r"\$\{(\w+)", (COMPOSE / name).read_text()))
    versions = {f"{each.upper()}_{what}" for each in with_sources() for what in ("VERSION", "TAG")}
    assert named <= GIVEN | versions | {f"{each.upper()}_PORT" for each in ports.NAMES}


def test_every_published_port_has_its_variable() -> None:
    text = (COMPOSE / "ports.yml").read_text() + (COMPOSE / "grafana.yml").read_text()
    assert {f"{each.upper()}_PORT" for each in ports.NAMES} <= set(re.findall(r"\$\{(\w+)", text))


def test_half_a_request_holds_no_published_port_for_long() -> None:
    for name in ("gateway", "telemetry"):
        assert services()[name]["environment"]["WORKER_CLASS"] == "services.common.patient_worker.PatientWorker"
    assert "--web.read-timeout=5s" in services()["prometheus"]["command"]
    assert services()["grafana"]["environment"]["GF_SERVER_READ_TIMEOUT"] == "5s"
    assert "authentication_timeout = 10s" in (COMPOSE / "postgres" / "postgresql.conf").read_text()
    published = {*document("ports.yml")["services"], *document("grafana.yml")["services"]}
    assert published == {"gateway", "telemetry", "prometheus", "grafana", "postgres"}, "look at the new one, too"


def test_whoever_reaches_grafana_looks_and_changes_nothing() -> None:
    given = services()["grafana"]["environment"]
    assert given["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert given["GF_USERS_VIEWERS_CAN_EDIT"] == "true", "else a viewer has no Explore"
    # No account, so no default password either.
    assert given["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert (given["GF_AUTH_DISABLE_LOGIN_FORM"], given["GF_AUTH_BASIC_ENABLED"]) == ("true", "false")
    assert not [name for name in given if "PASSWORD" in name]


def test_the_clients_users_may_all_be_connected_and_leave_room_for_others() -> None:
    most = int(services()["gateway"]["environment"]["CONNECTIONS_A_CLIENT"])
    assert 300 <= most <= 500, "gunicorn takes a thousand connections in all"


def test_the_images_are_those_that_are_built() -> None:
    tags = {each["image"] for each in document("lab.yml")["services"].values()}
    ours = {f"labctl/{name}:${{{name.upper()}_TAG}}" for name in with_sources()}
    assert tags == ours | {f"labctl/{name}:{version}" for name, version in packages().items()}


def test_a_service_says_what_it_is() -> None:
    for name in with_sources():
        environment = services()[name]["environment"]
        assert environment["SERVICE_NAME"] == name
        assert environment["SERVICE_VERSION"] == f"${{{name.upper()}_VERSION}}"


def test_the_processor_that_is_not_ours_sends_us_no_telemetry() -> None:
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" not in services()["acquirer"]["environment"]


def test_every_settings_file_that_is_named_is_there_and_the_other_way_round() -> None:
    named = {Path(file).name for each in services().values() for file in each.get("env_file", [])}
    assert named == {path.name for path in (COMPOSE / "config").glob("*.env")}


def test_no_password_is_written_down() -> None:
    for path in (COMPOSE / "config").glob("*.env"):
        assert not any("PASSWORD" in key for key in settings.parse(path.read_text()))
    for each in services().values():
        for key, value in each.get("environment", {}).items():
            if re.search("PASS", key):
                assert re.fullmatch(r"\$\{\w+_PASSWORD\}", value)


def test_what_has_to_survive_a_new_container_has_a_volume() -> None:
    declared = set(document("lab.yml")["volumes"])
    assert declared == {f"{name}-data" for name in WITH_A_VOLUME}
    for name in WITH_A_VOLUME:
        assert any(str(volume).startswith(f"{name}-data:") for volume in services()[name]["volumes"])


def test_the_limits_leave_room_on_a_small_machine() -> None:
    limits = [int(each["mem_limit"][:-1]) for each in document("lab.yml")["services"].values()]
    assert sum(limits) <= 2300


@pytest.mark.parametrize("word", ["fault", "chaos", "inject", "bug", "broken"])
def test_nothing_tells_a_learner_that_this_is_an_exercise(word: str) -> None:
    shown = [COMPOSE / "lab.yml", *(COMPOSE / "config").glob("*.env"), *(COMPOSE / "prometheus").glob("*.yml")]
    assert not [path for path in shown if word in path.read_text().lower()]
