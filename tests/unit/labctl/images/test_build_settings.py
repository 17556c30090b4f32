"""What builds take over from the host: certificates, proxies, pip's index."""

import subprocess
from pathlib import Path

import pytest

from labctl.images import build_settings
from labctl.images.build_settings import build_arguments, ca_bundle, debian_mirror, pip_configuration


def listing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    def invoke(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[1:] == ["-m", "pip", "config", "list"]
        return subprocess.CompletedProcess(command, 0, text, "")

    monkeypatch.setattr(build_settings, "invoke", invoke)


@pytest.mark.parametrize("variable", ["PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_certificates_that_the_environment_names(tmp_path: Path, variable: str) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(b"certificates")
    assert ca_bundle({variable: str(bundle)}) == b"certificates"


def test_a_named_file_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "second.pem").write_bytes(b"second")
    named = {"PIP_CERT": str(tmp_path / "first.pem"), "SSL_CERT_FILE": str(tmp_path / "second.pem")}
    assert ca_bundle(named) == b"second"


def test_the_systems_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "system.crt").write_bytes(b"system")
    monkeypatch.setattr(build_settings, "_CA_FILES", (str(tmp_path / "none.crt"), str(tmp_path / "system.crt")))
    assert ca_bundle({}) == b"system"


def test_a_host_without_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_settings, "_CA_FILES", ())
    assert ca_bundle({}) == b""


def test_no_proxy_needs_no_argument() -> None:
    assert build_arguments({}) == []


def test_proxies_are_passed_on_as_they_are_named() -> None:
    env = {"https_proxy": "http://proxy.corp:3128", "NO_PROXY": "corp", "HTTP_PROXY": ""}
    assert build_arguments(env) == ["--build-arg", "https_proxy", "--build-arg", "NO_PROXY"]


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:3128", "http://me:secret@localhost:3128", "http://[::1]:3128"])
def test_a_proxy_on_this_host_is_reached_over_its_network(proxy: str) -> None:
    assert build_arguments({"http_proxy": proxy})[-2:] == ["--network", "host"]


@pytest.mark.parametrize("proxy", ["http://localhost.corp:3128", "http://10.127.0.1:3128"])
def test_a_proxy_elsewhere_is_not_taken_for_a_local_one(proxy: str) -> None:
    assert "--network" not in build_arguments({"http_proxy": proxy})


def test_debians_own_mirror_unless_another_is_named() -> None:
    assert debian_mirror({}) == "http://deb.debian.org/debian"
    assert debian_mirror({"LABCTL_DEBIAN_MIRROR": "http://mirror.corp/debian/"}) == "http://mirror.corp/debian"


def test_pip_keeps_its_index_and_leaves_local_paths_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(
        monkeypatch,
        ":env:.find-links='/opt/wheels'\n"
        "global.cert='/etc/ssl/corp.pem'\n"
        "global.extra-index-url='file:///opt/simple\\nhttps://more.corp/simple'\n"
        "global.index-url='https://pypi.corp/simple'\n"
        "global.trusted-host='pypi.corp'\n",
    )
    assert pip_configuration("/pip/ca.pem").splitlines() == [
        "[global]",
        "index-url = https://pypi.corp/simple",
        "extra-index-url = https://more.corp/simple",
        "trusted-host = pypi.corp",
        "cert = /pip/ca.pem",
    ]


def test_the_environment_goes_before_pips_files(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(
        monkeypatch,
        ":env:.index-url='https://env/simple'\n:env:.default-timeout='180'\n"
        "global.index-url='https://global/simple'\ninstall.index-url='https://install/simple'\n",
    )
    assert pip_configuration("").splitlines() == ["[global]", "index-url = https://env/simple", "timeout = 180"]


def test_installs_own_setting_goes_before_the_global_one(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(monkeypatch, "global.index-url='https://global/simple'\ninstall.index-url='https://install/simple'\n")
    assert "index-url = https://install/simple" in pip_configuration("")


def test_without_pip_there_is_nothing_to_take_over(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(monkeypatch, "")
    assert pip_configuration("") == "[global]\n"
