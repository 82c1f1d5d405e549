"""What the metrics say about queue, letters and webhooks: read from the database when somebody asks."""

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shipworthy.bootstrap import House
from shipworthy.grading.jobs.entities import QueueFigures
from shipworthy.grading.jobs.operations import queue_figures
from shipworthy.integrations.webhooks.operations import delivery_counts
from shipworthy.letters.operations import letter_counts


class HouseCollector(Collector):
    """Reads the figures that all processes share. Each of them tells the same, so take the highest, not the sum."""

    def __init__(self, house: House) -> None:
        self._house = house

    def describe(self) -> Iterable[Metric]:
        """Say nothing beforehand: registering must not read the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Read and tell."""
        with self._house.database.house_work() as work:
            figures = queue_figures(work)
            letters = letter_counts(work)
            deliveries = delivery_counts(work)
        yield from _of_queue(figures)
        yield from _of_gradings(figures)
        counts = {state.value: float(count) for state, count in letters.items()}
        yield _gauge("shipworthy_letters", "Letters by state.", "state", counts)
        told = {state.value: float(count) for state, count in deliveries.items()}
        yield _gauge("shipworthy_webhook_deliveries", "Deliveries to webhooks by state.", "state", told)


def _of_queue(figures: QueueFigures) -> Iterator[Metric]:
    waiting = {kind.value: float(count) for kind, count in figures.waiting.items()}
    running = {kind.value: float(count) for kind, count in figures.running.items()}
    yield _gauge("shipworthy_queue_waiting", "How many wait for a worker, by kind.", "kind", waiting)
    yield _gauge("shipworthy_queue_running", "How many are under way, by kind.", "kind", running)
    yield _number("shipworthy_queue_oldest_seconds", "How long the first in line has been due.", figures.oldest_seconds)
    yield _number("shipworthy_queue_stopped", "Gradings that wait for an operator.", figures.stopped)
    yield _number("shipworthy_workers", "Workers that were heard of in the last seconds.", figures.workers)
    yield _number("shipworthy_worker_slots", "How many gradings those workers do at once.", figures.slots)


def _of_gradings(figures: QueueFigures) -> Iterator[Metric]:
    yield _number("shipworthy_gradings_recent", "Gradings that ended in the last 15 minutes.", figures.done)
    yield _number(
        "shipworthy_grading_faults_recent",
        "How many of those had met a fault of Shipworthy's own before.",
        figures.faults,
    )
    failures = {kind: float(count) for kind, count in figures.failures.items()}
    yield _gauge("shipworthy_grading_failures_recent", "Faults of the last 15 minutes, by kind.", "kind", failures)
    seconds = GaugeMetricFamily(
        "shipworthy_grading_phase_seconds",
        "Seconds of gradings of the last 15 minutes, by phase.",
        labels=("phase", "quantile"),
    )
    for phase, found in figures.phases.items():
        seconds.add_metric([phase, "0.5"], found.median)
        seconds.add_metric([phase, "0.95"], found.late)
    yield seconds


def _gauge(name: str, words: str, label: str, values: dict[str, float]) -> Metric:
    made = GaugeMetricFamily(name, words, labels=(label,))
    for value, number in values.items():
        made.add_metric([value], number)
    return made


def _number(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
