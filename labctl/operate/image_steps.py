"""Building the images, with progress that people can follow."""

from __future__ import annotations

from labctl.base import paths, progress
from labctl.images.images import BuildState, Images


def build_images() -> list[str]:
    """Build the images that are missing or have changed, telling how long each takes; return their names."""
    with progress.step("images") as step:

        def built(name: str, state: BuildState, seconds: float) -> None:
            if state is BuildState.BUILDING:
                step.update(f"building {name}")
            elif state is BuildState.BUILT:
                step.note(f"{name}: built in {seconds:.1f} s")

        return Images(paths.bundle_root(), progress=built).ensure()
