"""The Debian that every image starts from: pulled where a registry answers, bootstrapped where none does."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from labctl.base.errors import EngineError
from labctl.docker import apt
from labctl.docker.docker import Docker, invoke
from labctl.images.build_settings import debian_mirror

# Pinned; apt upgrades it while the base image is built.
PULLED = "debian:trixie-20260316-slim@sha256:26f98ccd92fd0a44d6928ce8ff8f4921b4d2f535bfa07555ee5d18f61429cf0c"
BOOTSTRAPPED = "labctl/debian:trixie"

REGISTRY_ANSWERS_WITHIN = 20.0
PULL_TIMEOUT = 600.0
BOOTSTRAP_TIMEOUT = 900.0
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TOOLS = ("mmdebstrap", "debian-archive-keyring")


def debian(docker: Docker) -> str:
    """Return the tag of a Debian trixie image that is on this machine now. Raises EngineError when none can be had."""
    for tag in (PULLED, BOOTSTRAPPED):
        if docker.image_id(tag):
            return tag
    if pull(docker, PULLED):
        return PULLED
    bootstrap(docker)
    return BOOTSTRAPPED


def pull(docker: Docker, image: str, answers_within: float = REGISTRY_ANSWERS_WITHIN) -> bool:
    """Whether the image could be pulled. A registry that says nothing for `answers_within` seconds is given up."""
    with subprocess.Popen(
        [docker.binary, "pull", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    ) as pulling:
        silence = threading.Timer(answers_within, pulling.kill)
        silence.start()
        try:
            # Docker's first line comes when the registry has answered; from there on it may take its time.
            next(iter(pulling.stdout or ()), None)
            silence.cancel()
            pulling.communicate(timeout=PULL_TIMEOUT)
        except subprocess.TimeoutExpired:
            pulling.kill()
        finally:
            silence.cancel()
    return pulling.returncode == 0


def bootstrap(docker: Docker) -> None:
    """Make BOOTSTRAPPED out of Debian's packages. Raises EngineError where this machine can't."""
    _need_tools()
    mirror = debian_mirror()
    with tempfile.TemporaryDirectory(prefix="labctl-debian-") as folder:
        archive = str(Path(folder) / "trixie.tar")
        done = invoke(
            [
                # As root where we may: without, it needs user namespaces, which many hosts restrict.
                *(apt.root_prefix() or []),
                "mmdebstrap",
                "--variant=minbase",
                "--quiet",
                f"--keyring={_KEYRING}",
                '--aptopt=Acquire::Languages "none"',
                "--dpkgopt=path-exclude=/usr/share/doc/*",
                "--dpkgopt=path-exclude=/usr/share/man/*",
                "--dpkgopt=path-exclude=/usr/share/locale/*",
                "trixie",
                archive,
                mirror,
            ],
            timeout=BOOTSTRAP_TIMEOUT,
        )
        if done.returncode:
            raise EngineError(
                f"mmdebstrap failed: {_tail(done.stderr)}",
                expected=f"a Debian mirror that answers at {mirror}",
                todo="set LABCTL_DEBIAN_MIRROR to a mirror that this machine reaches",
            )
        docker.run("import", "--change", 'CMD ["bash"]', archive, BOOTSTRAPPED, timeout=300)


def _need_tools() -> None:
    if shutil.which("mmdebstrap") and _KEYRING.exists():
        return
    if not apt.can_install():
        raise EngineError(
            "no registry answers, and there is no mmdebstrap to build the base image from Debian's packages",
            expected=f"one of: a registry with {PULLED.partition('@')[0]}, or mmdebstrap",
            todo=f"type: {apt.install_command(*_TOOLS)}; or, on a machine with a registry: "
            f"docker pull {PULLED} && docker tag {PULLED} {BOOTSTRAPPED} && docker save {BOOTSTRAPPED} > base.tar, "
            "and here: docker load < base.tar",
        )
    apt.refresh()
    apt.install(*_TOOLS)


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-3:])
