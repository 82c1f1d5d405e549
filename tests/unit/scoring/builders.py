from collections.abc import Mapping, Sequence

from shipworthy.scoring.entities import EvidenceRecord, Source, Validity


def record(
    task: str = "task-a",
    check: str = "check-1",
    earned: float | None = 1.0,
    competencies: Mapping[str, float] | None = None,
    *,
    attempt: str = "attempt-1",
    weight: float = 1.0,
    source: Source = Source.EXECUTED,
    rater: str | None = None,
    validity: Validity = Validity.VALID,
    live_models: tuple[str, ...] = (),
) -> EvidenceRecord:
    return EvidenceRecord(
        attempt=attempt,
        task=task,
        variant_seed=7,
        check=check,
        competencies=competencies or {"evaluation": 1.0},
        weight=weight,
        earned=earned,
        content_hash=f"{task}/{check}",
        source=source,
        rater=rater,
        validity=validity,
        live_models=live_models,
    )


def form(
    tasks: int, checks: int, passed: float, competencies: Sequence[str] = ("evaluation",), *, attempt: str = "attempt-1"
) -> list[EvidenceRecord]:
    """A form on which the first `passed` share of every task's checks is earned."""
    return [
        record(
            f"task-{task}",
            f"{name}-{check}",
            1.0 if check < passed * checks else 0.0,
            {name: 1.0},
            attempt=attempt,
        )
        for task in range(tasks)
        for name in competencies
        for check in range(checks)
    ]
