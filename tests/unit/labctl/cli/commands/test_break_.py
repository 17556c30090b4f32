import json

import pytest

from labctl.actions.incident import Choice, choose
from labctl.base.errors import CancelledError, InputError, LabStateError, NotFoundError, SickLabError, WaitTimeoutError
from labctl.cli.commands.break_ import break_
from labctl.model.fault import Load
from labctl.play import incidents
from tests.support.catalogue import use_only
from tests.support.world import DELAY_S, World


@pytest.fixture(autouse=True)
def only_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(monkeypatch, world.fault())


def test_prints_the_page_and_no_more(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    break_("example-fault")
    said = capsys.readouterr()
    assert "Checkouts fail" in said.out
    for secret in ("example-fault", "pool", "risk", "The pool was made too small"):
        assert secret not in said.out + said.err


def test_json_says_no_more_either(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    break_("example-fault", as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {
        "schema",
        "incident",
        "status",
        "page",
        "clock_s",
        "penalty_s",
        "wrong_submissions",
        "attempts_left",
        "paused_since",
        "limit_s",
        "left_s",
        "update_due_at",
        "fog",
    }
    assert document["page"]["summary"] == "Checkouts fail"
    assert "example-fault" not in json.dumps(document)


@pytest.mark.parametrize("options", [{}, {"hidden": True}, {"seed": 7}, {"track": "pools"}, {"difficulty": 2}])
def test_without_a_name_labctl_chooses(
    world: World, options: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    break_(**options)  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).fault == "example-fault"
    said = capsys.readouterr()
    assert "example-fault" not in said.out + said.err


@pytest.mark.parametrize("options", [{"hidden": True}, {"seed": 0}, {"track": "code"}, {"difficulty": 2}])
def test_a_name_and_a_way_to_choose_is_one_too_many(world: World, options: dict[str, object]) -> None:
    with pytest.raises(InputError, match="a fault was named"):
        break_("example-fault", **options)  # type: ignore[arg-type]


def test_an_unknown_fault_gets_the_nearest(world: World) -> None:
    with pytest.raises(NotFoundError) as caught:
        break_("example-falt")
    assert caught.value.near == "example-fault"
    assert world.broken == []


def test_an_unknown_track(world: World) -> None:
    with pytest.raises(NotFoundError, match="no track named"):
        break_(track="nonsense")


def test_a_sick_lab_is_refused(world: World) -> None:
    world.use({"steady": (1.0, 1.0)})
    with pytest.raises(SickLabError, match="checkout errors"):
        break_("example-fault")


def test_no_page(world: World) -> None:
    world.pages = False
    with pytest.raises(WaitTimeoutError, match="no page came") as caught:
        break_("example-fault")
    assert caught.value.exit_code == 1
    assert world.healthy_now


def test_too_little_load_to_show_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    demanding = world.fault(load=Load(min_rps=50))
    use_only(monkeypatch, demanding)
    with pytest.raises(LabStateError, match="the lab runs at 20 requests/s"):
        break_("example-fault")


def test_what_needs_more_load_is_not_chosen(world: World) -> None:
    faults = (world.fault(load=Load(min_rps=50)), world.fault(id="other-fault"))
    chosen = {choose(world.lab, faults, Choice(seed=seed)).id for seed in range(20)}
    assert chosen == {"other-fault"}


def test_ctrl_c_heals_before_it_returns_and_the_next_break_works(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    def alarmed(at: float) -> float:
        """The alerts still fire for a minute after the lab is mended: more than a healthy lab may look sick."""
        return 1.0 if world.shows(at or world.clock.now, recover=50.0) else 0.0

    world.on_inject = interrupt
    with pytest.raises(CancelledError, match="nothing is broken any more"):
        break_("example-fault")
    assert world.healthy_now
    assert world.lab.store.operations.unfinished() == []
    world.metrics.signals = {**world.metrics.signals, "steady": alarmed}
    world.broken[0][0] -= DELAY_S + 1  # it showed before it was healed
    world.on_inject = lambda: None
    break_("example-fault")
    assert "waiting for the steady state" in capsys.readouterr().err
    assert incidents.require_open(world.lab).id == "INC-0001"


def test_a_killed_break_is_healed_by_the_next_one(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.lab.store.operations.begin("break")
    world.lab.store.documents.put("injection", "active", {"faults": ["example-fault"]})
    world.inject(world.lab)
    break_("example-fault")
    said = capsys.readouterr().err
    assert "was interrupted" in said
    assert "waiting for the steady state" in said
    assert len(world.broken) == 2
    assert world.broken[0][1] < world.broken[1][0]


@pytest.mark.parametrize(
    ("fault", "limit", "seconds"), [(None, "", 1200), (None, "15m", 900), ("example-fault", "30m", 1800)]
)
def test_the_limit(world: World, fault: str | None, limit: str, seconds: float) -> None:
    break_(fault, limit=limit)
    incident = incidents.require_open(world.lab)
    assert (incident.limit_s, incident.hidden) == (seconds, fault is None)


def test_a_fault_that_was_named_has_no_limit_unless_it_is_given(world: World) -> None:
    break_("example-fault")
    assert incidents.require_open(world.lab).limit_s is None


@pytest.mark.parametrize("limit", ["14m", "31m", "soon", "0s"])
def test_no_such_limit(world: World, limit: str) -> None:
    with pytest.raises(InputError, match="--limit"):
        break_(limit=limit)
    assert world.broken == []


@pytest.mark.parametrize(
    ("fault", "chosen_and_given", "level"),
    [
        (None, (None, None), "hazy"),
        (None, (None, "clear"), "clear"),
        (None, ("clear", None), "clear"),
        (None, ("dense", None), "dense"),
        (None, ("clear", "dense"), "dense"),
        ("example-fault", (None, None), "clear"),
        ("example-fault", ("dense", None), "dense"),
        ("example-fault", (None, "hazy"), "hazy"),
    ],
)
def test_the_fog_over_an_incident(
    world: World,
    fault: str | None,
    chosen_and_given: tuple[str | None, str | None],
    level: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Hazy where labctl chooses, clear where it doesn't; what was chosen for the lab holds, unless break says else."""
    chosen, fog = chosen_and_given
    if chosen:
        world.lab.fog.choose(chosen)
    break_(fault, fog=fog)
    said = capsys.readouterr().out
    assert world.lab.fog.level == level
    assert incidents.require_open(world.lab).around.fog == level
    assert (f"{level}: incomplete, docs/telemetry.md" in said) == (level != "clear")
    assert ("telemetry" in said) == (level != "clear")


def test_how_long_it_took_from_break_to_the_page(world: World) -> None:
    began = world.clock.now
    break_()
    incident = incidents.require_open(world.lab)
    assert incident.page
    assert incident.break_s == pytest.approx(incident.page.at - began, abs=1)
