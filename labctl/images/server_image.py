"""The image of a lab server: labctl as it is here, so that every host of a game day has the same."""

from __future__ import annotations

from pathlib import Path

import labctl
from labctl.images.image_build import Recipe

NAME = "server"
_PACKAGES = ("labctl", "faults", "colleagues")
_BUNDLE = ("compose", "services", "loadgen", "grafana", "requirements")


def recipe(bundle: Path, parent: str) -> Recipe:
    """Return the recipe, upon the base image."""
    package = Path(labctl.__file__).parent
    files = {f"app/{each}": package.parent / each for each in _PACKAGES}
    if not bundle.is_relative_to(package):
        files |= {f"app/{each}": bundle / each for each in _BUNDLE}
    # Markdown is left out of folders; here it is needed: runbooks are told, and releases' patches change it.
    files |= {f"{at}/{each.relative_to(root)}": each for at, root in files.items() for each in root.rglob("*.md")}
    own = {
        "Dockerfile": bundle / "compose" / "images" / NAME / "Dockerfile",
        "pip/labctl.lock": bundle / "requirements" / "labctl.lock",
    }
    arguments = {"NAME": labctl.DISTRIBUTION.replace("-", "_"), "VERSION": labctl.__version__}
    return Recipe(NAME, "", {**files, **own}, parent=parent, arguments=arguments)
