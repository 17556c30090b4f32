import pytest

from services.common.batch_names import summary


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("SET", "SET"),
        ("XGROUP CREATE", "XGROUP CREATE"),
        ("SET SET SET", "PIPELINE SET"),
        ("XADD EXPIRE XADD EXPIRE", "PIPELINE XADD EXPIRE"),
        ("", ""),
    ],
)
def test_repeated_commands_are_named_once(name: str, short: str) -> None:
    assert summary(name) == short


def test_a_name_never_grows_with_the_number_of_commands() -> None:
    assert len(summary(" ".join(["SET"] * 200))) < 20
