import threading

from shipworthy.worker.rounds import Round, Rounds


def test_a_round_that_fails_goes_on_and_does_not_disturb_the_others() -> None:
    tries, others = threading.Semaphore(0), threading.Semaphore(0)

    def fail() -> None:
        tries.release()
        raise RuntimeError("no luck")

    rounds = Rounds([Round("failing", 0.001, fail), Round("other", 0.001, others.release)])
    rounds.start()
    for seen in (tries, tries, others, others):
        assert seen.acquire(timeout=10)
    rounds.end()


def test_where_there_is_more_it_goes_on_at_once() -> None:
    left = [3, 2, 1]
    done = threading.Event()

    def act() -> int:
        if left:
            return left.pop(0)
        done.set()
        return 0

    rounds = Rounds([Round("letters", 3600.0, act)])
    rounds.start()
    assert done.wait(10)
    rounds.end()
    assert left == []
