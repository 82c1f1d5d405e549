from shipworthy.simulator.once import once


class Look:
    def __init__(self) -> None:
        self.times = 0

    @once
    def found(self) -> int:
        """Count how often it was asked."""
        self.times += 1
        return self.times


def test_it_is_worked_out_when_it_is_first_asked_for_and_only_then() -> None:
    look = Look()
    assert look.times == 0
    assert [look.found, look.found, look.times] == [1, 1, 1]


def test_every_object_has_its_own() -> None:
    one, other = Look(), Look()
    one.times = 5
    assert (one.found, other.found) == (6, 1)


def test_its_words_stay_with_the_class() -> None:
    assert Look.found.__doc__ == "Count how often it was asked."
