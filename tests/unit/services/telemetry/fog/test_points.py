from __future__ import annotations

from collections import Counter

from services.telemetry.fog.level import Level, Restarts
from services.telemetry.fog.points import thinned
from services.telemetry.otlp.values import texts
from tests.support.otlp import counter as total
from tests.support.otlp import exemplar, histogram, metrics, number, observed

STATEMENTS = "db.client.operation.duration"
LEVEL = Level(without_label={STATEMENTS: "db.query.summary"})


def test_a_label_is_added_up_over() -> None:
    points = [
        observed([1, 2, 3], total=1.5, tags={"db.query.summary": "SELECT a", "db.operation.name": "SELECT"}),
        observed(
            [1, 0, 4],
            total=2.5,
            tags={"db.operation.name": "SELECT", "db.query.summary": "SELECT b"},
            exemplars=[exemplar(0.7)],
        ),
        observed([5, 0, 0], total=0.1, tags={"db.operation.name": "INSERT", "db.query.summary": "INSERT a"}),
    ]
    batch = metrics(histogram(STATEMENTS, *points), total("cache.requests", number(3)))
    before = batch.SerializeToString(deterministic=True)
    left = thinned(batch, LEVEL, 100, Counter())
    assert batch.SerializeToString(deterministic=True) == before
    statements, cache = left.resource_metrics[0].scope_metrics[0].metrics
    selects, inserts = statements.histogram.data_points
    assert texts(selects.attributes) == {"db.operation.name": "SELECT"}
    assert (selects.count, selects.sum, list(selects.bucket_counts)) == (11, 4.0, [2, 2, 7])
    assert len(selects.exemplars) == 1
    assert (texts(inserts.attributes), inserts.count) == ({"db.operation.name": "INSERT"}, 5)
    assert cache == batch.resource_metrics[0].scope_metrics[0].metrics[1]


def test_the_points_of_an_exporter_that_is_away_are_lost() -> None:
    level = Level(restarting_exporter=Restarts("payments", every_s=60, away_s=5))
    lost: Counter[str] = Counter()
    batch = metrics(total("a", number(1), number(2, {"b": "c"})))
    assert not thinned(batch, level, 601, lost).resource_metrics
    assert lost == {"exporter-away": 2}
    assert thinned(batch, level, 606, lost) == batch
