"""python -m labctl.play.director LAB [step|pause]: be a lab's director until its lab is gone, or do what is due now."""

from __future__ import annotations

import sys

from labctl.base.errors import EXIT_ERROR, LabctlError


def main(name: str, *words: str) -> None:
    """Run the director of the lab `name`, or one step of its script, or pause it."""
    # Imported late: a process that mostly waits should need little memory, and a step needs Docker's client.
    if words == ("step",):
        from labctl.play.director.step import play  # noqa: PLC0415 - as said above

        play(name)
    elif words == ("pause",):
        from labctl.play.director.idle import pause  # noqa: PLC0415 - as said above

        pause(name)
    else:
        from labctl.play.director.loop import run  # noqa: PLC0415 - as said above

        run(name)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except LabctlError:
        sys.exit(EXIT_ERROR)  # nobody reads it; the script says what could not be made
