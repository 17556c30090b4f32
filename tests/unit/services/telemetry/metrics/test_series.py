from __future__ import annotations

from services.telemetry.metrics.series import HistogramSeries, NumberSeries
from tests.support.otlp import exemplar, number, observed

A, B, C = (bytes([digit]) * 8 for digit in (0xA1, 0xB2, 0xC3))


def made(labels: str = 'job="a"') -> HistogramSeries:
    return HistogramSeries("wait_seconds", labels, (0.1, 0.5))


def test_a_histogram_is_cumulative() -> None:
    series = made()
    series.update(observed([1, 2, 3], total=4.5))
    assert series.text(exemplars=False) == (
        'wait_seconds_bucket{job="a",le="0.1"} 1\n'
        'wait_seconds_bucket{job="a",le="0.5"} 3\n'
        'wait_seconds_bucket{job="a",le="+Inf"} 6\n'
        'wait_seconds_count{job="a"} 6\n'
        'wait_seconds_sum{job="a"} 4.5\n'
    )


def test_without_labels_there_is_only_the_bound() -> None:
    series = made("")
    series.update(observed([1, 0, 0], total=None))
    assert series.text(exemplars=False).startswith('wait_seconds_bucket{le="0.1"} 1\n')
    assert "_sum" not in series.text(exemplars=False)


def test_every_bucket_keeps_its_last_exemplar_across_exports() -> None:
    series = made()
    series.update(observed([2, 0, 1], exemplars=[exemplar(0.05, A), exemplar(0.07, B), exemplar(9, C)]))
    series.update(observed([3, 0, 1], exemplars=[]))
    lines = series.text(exemplars=True).splitlines()
    assert f'span_id="{B.hex()}"}} 0.07 1000.500' in lines[0]
    assert "#" not in lines[1]
    assert f'span_id="{C.hex()}"' in lines[2]
    series.update(observed([4, 0, 1], exemplars=[exemplar(0.1, A)]))
    assert f'span_id="{A.hex()}"}} 0.1 ' in series.text(exemplars=True).splitlines()[0]


def test_exemplars_stay_out_of_plain_text() -> None:
    series = made()
    series.update(observed([1, 0, 0], exemplars=[exemplar(0.05)]))
    assert "#" in series.text(exemplars=True)
    assert "#" not in series.text(exemplars=False)


def test_an_exemplar_without_a_trace_is_useless() -> None:
    series = made()
    series.update(observed([1, 0, 0], exemplars=[exemplar(0.05, trace_id=b"")]))
    assert "#" not in series.text(exemplars=True)


def test_text_is_made_again_only_for_a_new_point() -> None:
    series = made()
    series.update(observed([1, 0, 0]))
    text = series.text(exemplars=True)
    series.update(observed([1, 0, 0]))
    assert series.text(exemplars=True) is text
    series.update(observed([2, 0, 0]))
    assert series.text(exemplars=True) != text


def test_a_number_keeps_its_last_value_and_exemplar() -> None:
    series = NumberSeries("hits", "hits_total", 'job="a"', with_exemplar=True)
    point = number(3)
    point.exemplars.append(exemplar(1))
    series.update(point)
    series.update(number(4))
    assert series.text(exemplars=False) == 'hits_total{job="a"} 4\n'
    assert series.text(exemplars=True).startswith('hits_total{job="a"} 4 # {trace_id=')


def test_a_gauge_has_no_exemplar() -> None:
    series = NumberSeries("depth", "depth", "", with_exemplar=False)
    point = number(1.5)
    point.exemplars.append(exemplar(1))
    series.update(point)
    assert series.text(exemplars=True) == "depth{} 1.5\n"
