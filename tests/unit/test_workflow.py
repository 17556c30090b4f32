"""What the workflow runs is there: scripts, targets of make, options of labctl."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from labctl.cli.cli import program
from labctl.verify.selection import parse_shard

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
STEPS = [(job, step) for job, body in WORKFLOW["jobs"].items() for step in body["steps"] if "run" in step]
MAKE = (ROOT / "Makefile").read_text("utf-8")


def runs(step: dict[str, Any]) -> str:
    return str(step["run"])


@pytest.mark.parametrize(("job", "step"), STEPS, ids=lambda each: each if isinstance(each, str) else each["name"])
def test_every_script_and_target_is_there(job: str, step: dict[str, Any]) -> None:
    del job
    scripts = re.findall(r"\bbash (?!-)(?:\S*/labctl/)?(\S+)", runs(step))
    assert all((ROOT / each).is_file() for each in scripts)
    targets = re.findall(r"\bmake (?:--directory \S+ )?([a-z-]+)", runs(step))
    assert all(re.search(rf"^{each}:", MAKE, re.MULTILINE) for each in targets)
    assert scripts or targets or runs(step).startswith("sudo useradd")


def test_the_options_of_its_verifications_are_labctls() -> None:
    commands: Any = program()
    known = {option for each in commands.commands["verify"].params for option in each.opts}
    used = {word for _, step in STEPS if ".ci/verify" in runs(step) for word in re.findall(r"--[a-z-]+", runs(step))}
    assert used >= {"--changed", "--all", "--shard"}
    assert used <= known


def test_its_shards_are_the_whole_catalogue() -> None:
    shards = WORKFLOW["jobs"]["catalogue"]["strategy"]["matrix"]["shard"]
    counts = {int(each) for _, step in STEPS for each in re.findall(r"matrix\.shard \}\}/(\d+)", runs(step))}
    assert counts == {len(shards)}
    assert all(later - sooner == 1 for sooner, later in pairwise(shards))
    assert [parse_shard(f"{each}/{len(shards)}").number for each in shards] == shards


def test_a_job_has_time_for_what_it_may_spend() -> None:
    (job,) = (body for body in WORKFLOW["jobs"].values() if any(".ci/verify" in str(each) for each in body["steps"]))
    budgets = [int(each) for step in job["steps"] for each in re.findall(r"--budget (\d+)", str(step.get("run", "")))]
    assert max(budgets) < job["timeout-minutes"]
