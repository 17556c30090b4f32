import re

from labctl.lab.facts.postgres import QUERIES, parse
from services.jobs.report import TOTALS


def test_a_place_and_its_value_per_line() -> None:
    copied = "index public.a\tCREATE INDEX a\\nON b\nschema x\t\\N\nrows of customers\t5 -7\n"
    assert parse(copied) == {
        "postgres: index public.a": "CREATE INDEX a\\nON b",
        "postgres: schema x": "",
        "postgres: rows of customers": "5 -7",
    }


def test_no_hour_that_a_report_may_write_is_one_that_nobody_writes() -> None:
    (written_since,) = re.findall(r"created_at >= (.+) AND", TOTALS.text)
    (unwritten_before,) = re.findall(r"hour < \(SELECT (.+) FROM dataset\)", QUERIES.read_text("utf-8"))
    assert unwritten_before == written_since.replace("now()", "min(first_started_at)")
