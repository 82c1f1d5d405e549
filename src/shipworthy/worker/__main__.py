"""`python -m shipworthy.worker`: takes gradings from the queue, one for each core at a time, until it is stopped."""

import argparse
import sys
from collections.abc import Sequence

from shipworthy.bootstrap import House, open_house
from shipworthy.core.errors import BadInputError, ShipworthyError
from shipworthy.core.logs import start_logs
from shipworthy.core.settings import read_settings
from shipworthy.core.traces import start_traces, stop_traces
from shipworthy.worker.house_rounds import house_rounds
from shipworthy.worker.process import Conditions, Worker, default_slots, real_work

MOST_SLOTS = 256


def main(arguments: Sequence[str] | None = None) -> None:
    """Work until somebody stops it; gradings under way are finished first, or given back."""
    parser = argparse.ArgumentParser(prog="python -m shipworthy.worker")
    parser.add_argument("--slots", type=int, default=default_slots(), help="how many gradings at once")
    parser.add_argument(
        "--allow-missing", action="append", default=[], help="a layer of the sandbox that may be missing"
    )
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.slots <= MOST_SLOTS:
        raise BadInputError(f"{chosen.slots} slots are not possible.", remedy=f"Choose between 1 and {MOST_SLOTS}.")
    settings = read_settings()
    start_logs(settings.log_form)
    start_traces("worker")
    house = open_house(settings)
    try:
        _work(house, Conditions(chosen.slots, tuple(chosen.allow_missing)))
    finally:
        house.database.close()
        stop_traces()


def _work(house: House, conditions: Conditions) -> None:
    house.blobs.expect_usable()
    work = real_work(house, conditions)
    sys.stderr.write(f"Grading with {conditions.slots} slot(s); Ctrl-C ends it.\n")
    Worker(house, conditions, work, house_rounds(house)).run()


def told() -> int:
    """Work, and tell what keeps it from working; return the exit code."""
    try:
        main()
    except ShipworthyError as error:
        sys.stderr.write(f"Error {error.what}\nWhat to do {error.remedy}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(told())
