from labctl.health.alert_changes import AlertChange, changes, keyed
from labctl.model.samples import Alert


def alert(name: str, active_at: float = 0.0, **labels: str) -> Alert:
    return Alert(name, "firing", labels, {}, active_at)


def test_what_fires_on_is_no_change_whenever_it_began() -> None:
    assert list(changes(keyed([alert("A")]), keyed([alert("A", 5.0)]))) == []


def test_what_resolved_comes_before_what_fires() -> None:
    before, after = keyed([alert("A")]), keyed([alert("B")])
    assert list(changes(before, after)) == [AlertChange(alert("A"), False), AlertChange(alert("B"), True)]


def test_one_rule_pages_for_each_set_of_labels() -> None:
    both = keyed([alert("A", endpoint="lookup"), alert("A", endpoint="history")])
    assert len(both) == 2
    assert [each.alert.labels for each in changes(keyed([alert("A", endpoint="lookup")]), both)] == [
        {"endpoint": "history"}
    ]
