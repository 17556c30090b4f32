"""scripts/test.sh: what runs beside what, what a failure ends, and that nothing is left when it ends."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from labctl.base.waiting import wait_until

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "test.sh"
ENDLESS = """trap 'echo interrupted >> "$NOTES/ended"; exit 2' INT
echo $$ >> "$NOTES/running"
while :; do sleep 0.05; done"""
"""Runs until it is interrupted, as pytest does."""


class Checkout:
    """A checkout in which everything that the script runs is a stand-in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, folder / "notes"
        self.notes.mkdir()
        (folder / "scripts").mkdir()
        shutil.copy(SCRIPT, folder / "scripts")
        self.stand_in(".venv/bin/labctl", "echo set up")
        self.stand_in("bin/make", "echo linted")
        self.stand_in("bin/chrt", 'shift 2; exec "$@"')
        self.stand_in("bin/getconf", "echo 2")
        self.tests()

    def tests(
        self, fast: str = "echo fast: passed", labs: str = "echo labs: passed", small: str = "echo small: passed"
    ) -> None:
        """Let the fast tests, those on labs and those on a small one do this."""
        cases = f'*"not small"*) {labs}\n;; *"-m small"*) {small}\n;; *) {fast}\n;;'
        self.stand_in(".venv/bin/python", f'case "$*" in {cases} esac')

    def stand_in(self, name: str, script: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/usr/bin/env bash\n{script}\n")
        path.chmod(0o755)

    def start(self, *words: str) -> subprocess.Popen[str]:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        pipe = subprocess.PIPE
        return subprocess.Popen(
            ["bash", "scripts/test.sh", *words],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "NOTES": str(self.notes), "TMPDIR": str(self.notes)},
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs here
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        with self.start(*words) as process:
            out, err = process.communicate(timeout=60)
            return subprocess.CompletedProcess(words, process.returncode, out, err)

    def running(self) -> list[int]:
        """The processes that were started to go on for ever, and do."""
        path = self.notes / "running"
        return [pid for pid in map(int, path.read_text().split()) if _alive(pid)] if path.exists() else []

    def lines(self, name: str) -> list[str]:
        path = self.notes / name
        return path.read_text().splitlines() if path.exists() else []


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    for pid in made.running():
        os.kill(pid, signal.SIGKILL)


def test_it_ends_with_what_the_tests_on_labs_say(checkout: Checkout) -> None:
    done = checkout.run()
    assert (done.returncode, done.stdout) == (0, "fast: passed\nsmall: passed\nlabs: passed\n")


def test_lint_is_run_beside_them_where_that_is_asked_for(checkout: Checkout) -> None:
    done = checkout.run("lint")
    assert (done.returncode, done.stdout) == (0, "fast: passed\nlinted\nsmall: passed\nlabs: passed\n")


def test_set_up_and_lint_do_not_wait_for_the_fast_tests(checkout: Checkout) -> None:
    checkout.stand_in(".venv/bin/labctl", 'touch "$NOTES/setup"')
    checkout.stand_in("bin/make", 'touch "$NOTES/lint"')
    both = '[ -e "$NOTES/setup" ] && [ -e "$NOTES/lint" ]'
    checkout.tests(fast=f"until {both}; do sleep 0.05; done; echo fast: passed")
    assert checkout.run("lint").stdout == "fast: passed\nsmall: passed\nlabs: passed\n"


def test_the_labs_do_not_wait_for_lint(checkout: Checkout) -> None:
    checkout.stand_in("bin/make", 'until [ -e "$NOTES/labs" ]; do sleep 0.05; done; echo linted')
    checkout.tests(labs='touch "$NOTES/labs"; echo labs: passed')
    assert checkout.run("lint").stdout == "fast: passed\nlinted\nsmall: passed\nlabs: passed\n"


def test_the_small_lab_does_not_wait_for_the_fast_tests_and_the_others_do(checkout: Checkout) -> None:
    checkout.tests(
        fast='until [ -e "$NOTES/small" ]; do sleep 0.05; done; touch "$NOTES/fast"; echo fast: passed',
        small='touch "$NOTES/small"; echo small: passed',
        labs='if [ -e "$NOTES/fast" ]; then echo labs: passed; else echo labs: too early; fi',
    )
    assert checkout.run().stdout == "fast: passed\nsmall: passed\nlabs: passed\n"


def test_where_nothing_gives_way_at_once_every_lab_waits_for_the_fast_tests(checkout: Checkout) -> None:
    checkout.stand_in("bin/chrt", "exit 1")
    checkout.stand_in(".venv/bin/labctl", 'touch "$NOTES/setup"')
    checkout.tests(
        fast='until [ -e "$NOTES/setup" ]; do sleep 0.05; done; sleep 0.5; touch "$NOTES/fast"; echo fast: passed',
        small='if [ -e "$NOTES/fast" ]; then echo small: passed; else echo small: too early; fi',
    )
    assert checkout.run().stdout == "fast: passed\nsmall: passed\nlabs: passed\n"


def test_on_one_core_one_lab_has_every_test(checkout: Checkout) -> None:
    checkout.stand_in("bin/getconf", "echo 1")
    every = """case "$*" in *integration*) echo labs: passed;; *) echo fast: passed;; esac"""
    checkout.tests(fast=every)
    assert checkout.run().stdout == "fast: passed\nlabs: passed\n"


@pytest.mark.parametrize(("cores", "labs"), [("2", "one"), ("4", "two")])
def test_two_labs_at_full_load_need_four_cores(checkout: Checkout, cores: str, labs: str) -> None:
    checkout.stand_in("bin/getconf", f"echo {cores}")
    checkout.tests(labs="""case "$*" in *'-n 2'*) echo labs: two;; *'-n 1'*) echo labs: one;; esac""")
    assert checkout.run().stdout == f"fast: passed\nsmall: passed\nlabs: {labs}\n"


def test_a_failing_fast_test_takes_the_small_lab_down(checkout: Checkout) -> None:
    until_it_runs = 'until [ -e "$NOTES/running" ]; do sleep 0.05; done'
    checkout.tests(fast=f"{until_it_runs}; echo fast: failed; exit 1", small=ENDLESS)
    done = checkout.run()
    assert (done.returncode, done.stdout) == (1, "fast: failed\n")
    assert checkout.lines("ended") == ["interrupted"]
    assert checkout.running() == []


def test_a_failing_test_on_the_small_lab_fails_the_run(checkout: Checkout) -> None:
    checkout.tests(small="echo small: failed; exit 1")
    done = checkout.run()
    assert (done.returncode, done.stdout) == (1, "fast: passed\nsmall: failed\nlabs: passed\n")


def test_a_failing_test_on_a_lab_fails_the_run(checkout: Checkout) -> None:
    checkout.tests(labs="echo labs: failed; exit 1")
    done = checkout.run()
    assert (done.returncode, done.stdout) == (1, "fast: passed\nsmall: passed\nlabs: failed\n")


def test_a_set_up_that_fails_is_shown_and_no_test_runs_on_a_lab(checkout: Checkout) -> None:
    checkout.stand_in(".venv/bin/labctl", "echo no Docker here; exit 1")
    done = checkout.run()
    assert (done.returncode, done.stdout, done.stderr) == (1, "fast: passed\n", "no Docker here\n")


def test_a_failing_fast_test_ends_the_run_and_no_test_runs_on_a_lab(checkout: Checkout) -> None:
    until_set_up = 'until [ -e "$NOTES/running" ]; do sleep 0.05; done'
    checkout.tests(fast=f"{until_set_up}; echo fast: failed; exit 1")
    checkout.stand_in(".venv/bin/labctl", ENDLESS)
    done = checkout.run()
    assert (done.returncode, done.stdout) == (1, "fast: failed\n")
    assert checkout.lines("ended") == ["interrupted"]
    assert checkout.running() == []


def test_a_finding_of_lint_is_shown_and_ends_the_run_and_the_labs_are_taken_down(checkout: Checkout) -> None:
    checkout.stand_in("bin/make", 'while ! [ -e "$NOTES/running" ]; do sleep 0.05; done; echo a finding; exit 2')
    checkout.tests(labs=ENDLESS)
    done = checkout.run("lint")
    assert (done.returncode, done.stderr) == (1, "a finding\n")
    assert checkout.lines("ended") == ["interrupted"]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_leaves_nothing_running_and_no_file(checkout: Checkout, sent: signal.Signals, code: int) -> None:
    checkout.tests(fast=ENDLESS)
    checkout.stand_in("bin/make", ENDLESS)
    checkout.stand_in(".venv/bin/labctl", ENDLESS)
    with checkout.start("lint") as process:
        wait_until(lambda: len(checkout.running()) == 3, what="three jobs", timeout=30, interval=0.05)
        process.send_signal(sent)
        process.communicate(timeout=60)
    assert process.returncode == code
    assert checkout.lines("ended") == ["interrupted"] * 3
    assert checkout.running() == []
    assert sorted(each.name for each in checkout.notes.iterdir()) == ["ended", "running"]
