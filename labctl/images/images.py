"""The lab's images: their recipes, how they depend on each other, and building those that are missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from labctl.docker import builder
from labctl.docker.builder import Builder
from labctl.docker.docker import Docker
from labctl.images import base_image, build_settings, release_images, server_image, workshop
from labctl.images.image_build import PREFIX, HostInputs, Recipe
from labctl.model import services

SERVICES_PYTHON = "3.13"
"""The version of Python that the services run on."""
# The one image that is not built here; compose/grafana.yml names it too.
GRAFANA = "grafana/grafana:13.2.3@sha256:b28bae15e219c998fb0e0424ed724930cc61b1f61fb404d47c862f9a23f9e572"
# What labctl runs for a moment beside a lab; Debian's packages too.
TOOLS = {"network": "1"}
# The folders of compose/ that go into an image beside its Dockerfile.
_EXTRAS = {"postgres": "postgres", "redis": "redis", "prometheus": "prometheus"}
_WORKERS = 4


class BuildState(StrEnum):
    """How far an image has got."""

    PRESENT = "present"
    BUILDING = "building"
    BUILT = "built"
    FAILED = "failed"


Progress = Callable[[str, BuildState, float], None]
"""Called, from several threads, with an image's name, its state, and for how many seconds it has been built."""


def _silent(name: str, state: BuildState, seconds: float) -> None:
    del name, state, seconds


@dataclass(frozen=True)
class Images:
    """The images that the sources in `bundle` describe."""

    bundle: Path
    docker: Docker = field(default_factory=Docker)
    progress: Progress = _silent

    def versions(self) -> dict[str, str]:
        """Return the version that each service's source says it is, clients included."""
        names = services.with_sources()
        return {name: (self._sources(self.bundle, name) / "VERSION").read_text("utf-8").strip() for name in names}

    def ensure(self) -> list[str]:
        """Build what is missing or has changed; return the names of the images that were built.

        What an older labctl named by version is removed. Raises EngineError when one can't be built.
        """
        present = self._present()
        built = self._ensure(self.recipes(), present)
        release_images.remove_old(self.docker, present, self.versions())
        return built

    def tags(self) -> dict[str, str]:
        """Return the tag of each service's shipped image, which its content decides, without the image's name."""
        return {name: self._shipped(name).tag.rpartition(":")[2] for name in services.with_sources()}

    def ensure_service(self, service: str) -> None:
        """Build the shipped version of a service where its image is missing. Raises EngineError."""
        self._ensure([self._base, self._python, self._shipped(service)], self._present())

    def build_service(self, service: str, tag: str, write: Callable[[Path], None]) -> None:
        """Build a release of a service where there is no image with this tag yet. Raises EngineError.

        `write` puts sources that are laid out like the bundle's into a folder.
        """
        present = self._present()
        if release_images.name(service, tag) in present:
            return
        with workshop.folder() as tree:
            write(tree)
            release = replace(self._service(service, tree), version=tag, known_by_content=False)
            self._ensure([self._base, self._python, release], present)

    def ensure_server(self) -> str:
        """Build the image of a lab server where it is missing; return its tag. Raises EngineError."""
        self._ensure([self._base, self._server], self._present())
        return self._server.tag

    @property
    def server_tag(self) -> str:
        """The tag of a lab server's image, whether it was built or not."""
        return self._server.tag

    def wanted(self) -> list[str]:
        """Return the tags of all images that a host needs for lab servers and their labs."""
        return [tag for each in (*self.recipes(), self._server) for tag in each.tags]

    def recipes(self) -> list[Recipe]:
        """Return every image's recipe, parents before children."""
        datastores = [self._datastore(name, version) for name, version in {**services.packages(), **TOOLS}.items()]
        own = [self._shipped(name) for name in services.with_sources()]
        return [self._base, self._python, *datastores, *own]

    @cached_property
    def _builder(self) -> Builder:
        return builder.find(self.docker)

    @cached_property
    def _base(self) -> Recipe:
        arguments = {"MIRROR": build_settings.debian_mirror()}
        return Recipe("base", "trixie", self._dockerfile("base"), arguments=arguments)

    @cached_property
    def _python(self) -> Recipe:
        lock = self.bundle / "requirements" / "services.lock"
        files = {**self._dockerfile("python"), "pip/services.lock": lock}
        return Recipe("python", SERVICES_PYTHON, files, parent=self._base.content_tag)

    @cached_property
    def _server(self) -> Recipe:
        return server_image.recipe(self.bundle, self._base.content_tag)

    def _datastore(self, name: str, version: str) -> Recipe:
        extra = {_EXTRAS[name]: self.bundle / "compose" / _EXTRAS[name]} if name in _EXTRAS else {}
        return Recipe(name, version, {**self._dockerfile(name), **extra}, parent=self._base.content_tag)

    def _shipped(self, name: str) -> Recipe:
        return self._service(name, self.bundle)

    def _service(self, name: str, tree: Path) -> Recipe:
        shared = {"app/services/__init__.py": tree / "services" / "__init__.py"}
        own = {f"app/{services.known(name).sources}": self._sources(tree, name)}
        common = {"app/services/common": tree / "services" / "common"}
        files = {**self._dockerfile("service"), **shared, **common, **own}
        return Recipe(name, "", files, parent=self._python.content_tag)

    @staticmethod
    def _sources(tree: Path, name: str) -> Path:
        return tree / (services.known(name).sources or "")

    def _dockerfile(self, name: str) -> dict[str, Path]:
        return {"Dockerfile": self.bundle / "compose" / "images" / name / "Dockerfile"}

    def _present(self) -> dict[str, str]:
        """Map the tag of every image of ours to its id: one question to the daemon for all of them."""
        return self.docker.images(f"{PREFIX}/*")

    def _reused(self, recipe: Recipe, present: dict[str, str]) -> bool:
        """Whether the image exists; moves its other tag to it where another build has that tag."""
        first, *others = recipe.tags
        found = present.get(first)
        if not found:
            return False
        for other in others:
            if present.get(other) != found:
                self.docker.run("tag", first, other)
        self.progress(recipe.name, BuildState.PRESENT, 0.0)
        return True

    def _ensure(self, recipes: Sequence[Recipe], present: dict[str, str]) -> list[str]:
        missing = [recipe for recipe in recipes if not self._reused(recipe, present)]
        if missing:
            try:
                with builder.nothing_kept(self.docker, self._builder):
                    self._build(missing)
            finally:
                if not self._builder.buildkit:
                    # The stage that reached PyPI holds this host's certificates and index: no image of it is kept.
                    self.docker.attempt("image", "prune", "--force", "--filter", "label=labctl.stage=packages")
        return [recipe.name for recipe in missing]

    def _build(self, recipes: Sequence[Recipe]) -> None:
        """Build the images in parallel, each after its parent."""
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="build") as pool:
            building: dict[str, Future[None]] = {}
            for recipe in recipes:
                building[recipe.content_tag] = pool.submit(self._after, building.get(recipe.parent), recipe)
            for each in building.values():
                each.result()

    def _after(self, parent: Future[None] | None, recipe: Recipe) -> None:
        if parent:
            parent.result()
        self._timed(recipe)

    def _host_inputs(self, recipe: Recipe) -> HostInputs:
        if recipe is self._base:
            return HostInputs(arguments={"DEBIAN": base_image.debian(self.docker)})
        if recipe in (self._python, self._server):
            certificates = build_settings.ca_bundle()
            pip = build_settings.pip_configuration("/pip/ca.pem" if certificates else "")
            return HostInputs(files={"pip/ca.pem": certificates, "pip/pip.conf": pip.encode()})
        return HostInputs()

    def _timed(self, recipe: Recipe) -> None:
        began = time.monotonic()
        self.progress(recipe.name, BuildState.BUILDING, 0.0)
        ended = BuildState.FAILED
        try:
            recipe.build(self.docker, self._host_inputs(recipe), self._builder)
            ended = BuildState.BUILT
        finally:
            self.progress(recipe.name, ended, time.monotonic() - began)
