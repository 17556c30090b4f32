"""A real, containerised chaos lab to practise debugging production."""

from __future__ import annotations

DISTRIBUTION = "oncall-lab"
"""What the package is called: `labctl` is the name of other people's packages."""


def __getattr__(name: str) -> str:
    """Return the version, which takes longer to find out than most commands take to start."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - as said above

        return version(DISTRIBUTION)
    raise AttributeError(name)
