from math import factorial, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.simulator.capacity import CapacityPlan, Pool, serve, waiting_seconds

PLAN = CapacityPlan()
REQUESTS = st.lists(st.floats(0.0, 1e5), min_size=3, max_size=3).map(np.array)


@given(queue=REQUESTS, arrived=REQUESTS, ready=st.integers(0, 50), per_replica=st.floats(10.0, 5000.0))
def test_no_request_appears_or_disappears(
    queue: np.ndarray, arrived: np.ndarray, ready: int, per_replica: float
) -> None:
    flow = serve(PLAN, ready, ready * per_replica, queue, arrived)
    after = flow.answered + flow.timed_out + flow.shed + flow.queued
    assert after == pytest.approx(queue + arrived)
    assert min(flow.answered.min(), flow.timed_out.min(), flow.shed.min(), flow.queued.min()) >= 0.0


@given(
    arriving=st.lists(st.floats(0.0, 1e4), min_size=5, max_size=40),
    less=st.floats(0.0, 8e3),
    more=st.floats(0.0, 8e3),
    ready=st.integers(1, 40),
)
def test_more_capacity_never_loses_more_in_any_step(
    arriving: list[float], less: float, more: float, ready: int
) -> None:
    lost = [losses(arriving, capacity, ready) for capacity in (less + more, less)]
    assert all(one <= other + 1e-6 for one, other in zip(*lost, strict=True))


def losses(arriving: list[float], capacity: float, ready: int) -> list[float]:
    queue, lost = np.zeros(1), []
    for each in arriving:
        flow = serve(PLAN, ready, capacity, queue, np.array([each]))
        queue = flow.queued
        lost.append(float(flow.timed_out.sum() + flow.shed.sum()))
    return lost


@given(capacity=st.floats(100.0, 1e5), excess=st.floats(1.1, 5.0), ready=st.integers(1, 60))
def test_in_a_steady_state_the_queue_is_throughput_times_wait(capacity: float, excess: float, ready: int) -> None:
    queue = np.zeros(2)
    for _ in range(50):
        flow = serve(PLAN, ready, capacity, queue, np.array([0.7, 0.3]) * capacity * excess)
        queue = flow.queued
    throughput_per_second = flow.answered.sum() / 300.0
    assert flow.queued.sum() == pytest.approx(throughput_per_second * flow.wait)


@given(load=st.floats(0.05, 0.95))
def test_one_server_waits_as_the_exact_formula_says(load: float) -> None:
    exponential = sqrt(log(2.0))  # a log-normal whose coefficient of variation is 1
    assert waiting_seconds(1.0, exponential, 1, load) == pytest.approx(load / (1.0 - load))


@pytest.mark.parametrize(("servers", "load"), [(2, 0.5), (4, 0.8), (10, 0.9), (20, 0.95)])
def test_many_servers_wait_about_as_erlang_s_formula_says(servers: int, load: float) -> None:
    offered = servers * load
    last = offered**servers / factorial(servers) / (1.0 - load)
    busy = last / (sum(offered**each / factorial(each) for each in range(servers)) + last)
    exact = busy / (servers * (1.0 - load))
    assert waiting_seconds(1.0, sqrt(log(2.0)), servers, load) == pytest.approx(exact, rel=0.12)


def test_replicas_are_ready_only_after_they_have_started() -> None:
    pool = Pool(PLAN, floor=2, ceiling=60, ready=2)
    for step in range(PLAN.start_up):
        pool.adjust(step, 6000.0, 1000.0)
        assert pool.ready == 2
    pool.adjust(PLAN.start_up, 6000.0, 1000.0)
    assert pool.ready == 10


def test_replicas_are_given_back_only_after_quiet_steps() -> None:
    pool = Pool(PLAN, floor=2, ceiling=60, ready=10)
    for step in range(PLAN.cooldown - 1):
        pool.adjust(step, 0.0, 1000.0)
        assert pool.ready == 10
    pool.adjust(PLAN.cooldown, 0.0, 1000.0)
    assert pool.ready == 2


def test_the_autoscaler_stops_at_its_ceiling() -> None:
    assert Pool(PLAN, floor=2, ceiling=12).wanted(1e9, 1000.0) == 12
