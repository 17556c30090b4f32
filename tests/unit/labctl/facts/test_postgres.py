from labctl.facts.postgres import parse


def test_a_place_and_its_value_per_line() -> None:
    copied = "index public.a\tCREATE INDEX a\\nON b\nschema x\t\\N\nrows of customers\t5 -7\n"
    assert parse(copied) == {
        "postgres: index public.a": "CREATE INDEX a\\nON b",
        "postgres: schema x": "",
        "postgres: rows of customers": "5 -7",
    }
