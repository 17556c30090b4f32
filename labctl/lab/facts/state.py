"""Facts of the state that labctl keeps of a lab: configuration files, versions, and work that was left unfinished."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from labctl.images import releases
from labctl.lab.facts.fact import Facts, compact, hashed
from labctl.state.settings import read_lab_env

if TYPE_CHECKING:
    from labctl.lab.lab import Lab

_NO_LEFTOVER = frozenset(
    {"record", "services", "releases", "images", "touched", "script", "left-behind", "healed", "director", "room"}
    | {"errand", "attention", "pause-after"}
)
"""Settings of the store that describe the lab, or that other facts cover; any other one means unfinished work."""


def facts(lab: Lab) -> Facts:
    """Return the facts in the lab's folder and its store."""
    files, store = lab.files, lab.store
    found = {f"{each}: configuration file": hashed(files.text(each)) for each in files.services()}
    found |= {f"{each}: version": lab.releases.version(each) for each in releases.services()}
    found |= {f"feature flag {each.name}": each.variant for each in lab.flag_file.flags().values()}
    found["acquirer: behaviour"] = compact(lab.processor_file.settings())
    found["clients: traffic"] = compact(asdict(lab.traffic_file.read()))
    found["telemetry: fog"] = lab.fog_file.level
    found |= {f"lab.env: {name}": hashed(value) for name, value in read_lab_env(lab.folder).items()}
    found |= {f"undo log: {each.mechanism}": "not undone" for each in store.undo_log.entries()}
    found |= {f"state: {key}": compact(store.get(key)) for key in store.setting_keys() if key not in _NO_LEFTOVER}
    return found
