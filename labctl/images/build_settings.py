"""What a build needs of the host to reach package registries: certificates, proxies, a Python index."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from labctl.docker.docker import invoke

_CA_VARIABLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CA_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/cert.pem",  # macOS, Alpine
)
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_LOCAL = re.compile(r"//([^@/]*@)?(localhost|127\.[\d.]+|\[::1\])([:/]|$)")
# Settings of pip that hold in a container too; paths of this host don't.
_PIP_SETTINGS = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "retries")
_PIP_SOURCES = (":env:", "install", "global")


def ca_bundle(env: Mapping[str, str] = os.environ) -> bytes:
    """Return the certificates that this host trusts (PEM); empty where none are found."""
    named = [env[variable] for variable in _CA_VARIABLES if env.get(variable)]
    found = (Path(name) for name in [*named, *_CA_FILES])
    return next((path.read_bytes() for path in found if path.is_file()), b"")


def build_arguments(env: Mapping[str, str] = os.environ) -> list[str]:
    """Return the options of `docker build` for the host's proxies; docker keeps these arguments out of the image."""
    proxies = {name: env[name] for name in _PROXIES if env.get(name)}
    # Without a value: docker takes it from the environment, where no process list shows a proxy's password.
    arguments = [part for name in proxies for part in ("--build-arg", name)]
    if any(_LOCAL.search(value) for value in proxies.values()):
        arguments += ["--network", "host"]
    return arguments


def debian_mirror(env: Mapping[str, str] = os.environ) -> str:
    """Return the Debian mirror to use, without a slash at the end: LABCTL_DEBIAN_MIRROR, or Debian's own."""
    return (env.get("LABCTL_DEBIAN_MIRROR") or "http://deb.debian.org/debian").rstrip("/")


def pip_configuration(ca_file: str) -> str:
    """Return a pip.conf for the build: the index that this user's pip is set up for, and `ca_file` if not empty."""
    lines = [f"{name} = {value}" for name, value in _pip_settings().items()]
    if ca_file:
        lines.append(f"cert = {ca_file}")
    return "\n".join(["[global]", *lines]) + "\n"


def _pip_settings() -> dict[str, str]:
    """Return the user's pip settings that work in a container: environment first, then `pip install`'s, then global."""
    done = invoke([sys.executable, "-m", "pip", "config", "list"])
    found: dict[tuple[str, str], str] = {}
    for line in done.stdout.splitlines():
        key, _, value = line.partition("=")
        source, _, name = key.rpartition(".")
        found[source, name.removeprefix("default-")] = _elsewhere(value)
    ranked = {name: [found.get((source, name), "") for source in _PIP_SOURCES] for name in _PIP_SETTINGS}
    return {name: next(filter(None, values)) for name, values in ranked.items() if any(values)}


def _elsewhere(quoted: str) -> str:
    words = quoted.strip().strip("'\"").replace("\\n", " ").split()
    return " ".join(word for word in words if not word.startswith(("/", "file:")))
