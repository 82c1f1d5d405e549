"""What the platform itself adds to a grading, in wall clock and in memory of the product's own process.

The work of the submission and of the judge is taken off; what is left is the platform's. Run: `make bench`.
"""

import argparse
import json
import resource
import statistics
import sys
import tempfile
from pathlib import Path

from shipworthy import bootstrap
from shipworthy.core.settings import read_settings
from shipworthy.grading.operations import grade
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.scaffold import scaffold
from shipworthy.tasks.submissions import read_reference

BAR_MILLISECONDS = 150.0
BAR_MEGABYTES = 200.0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--gradings", type=int, default=15)
    chosen = arguments.parse_args()
    figures = measure(chosen.gradings)
    holds = figures["platform_ms"] <= BAR_MILLISECONDS and figures["product_peak_mb"] <= BAR_MEGABYTES
    if chosen.json:
        sys.stdout.write(json.dumps({**figures, "holds": holds}) + "\n")
    else:
        show(figures)
    return 0 if holds else 1


def measure(gradings: int) -> dict[str, float]:
    """Grade one small submission many times; return medians in milliseconds and the peak memory in megabytes."""
    settings = read_settings()
    missing = [layer.layer for layer in bootstrap.known_layers(settings) if not layer.holds]
    setup = bootstrap.grading_setup(settings, "python-ml", missing)
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "coding" / "medians"
        scaffold(package)
        task = load_task(package)
        submission = read_reference(task.references[0].folder, task.manifest.submission)
        bundle = Path(folder) / "evidence.zip"
        runs = [grade(task, seed, submission, label="expert", setup=setup, bundle=bundle) for seed in range(gradings)]
    phases = [run.phases for run in runs if run.phases]
    return {
        "gradings": len(phases),
        "total_ms": 1000 * statistics.median(phase.total_seconds for phase in phases),
        "submission_ms": 1000 * statistics.median(phase.submission_seconds for phase in phases),
        "judge_ms": 1000 * statistics.median(phase.judge_seconds for phase in phases),
        "platform_ms": 1000 * statistics.median(phase.platform_seconds for phase in phases),
        "product_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def show(figures: dict[str, float]) -> None:
    print(f"median of {figures['gradings']:.0f} gradings of a small submission")
    print(f"  whole grading           {figures['total_ms']:7.1f} ms")
    print(f"  the submission's runs   {figures['submission_ms']:7.1f} ms")
    print(f"  the judge's own work    {figures['judge_ms']:7.1f} ms")
    print(f"  the platform's own part {figures['platform_ms']:7.1f} ms  (bar {BAR_MILLISECONDS:.0f})")
    print(f"  product's peak memory   {figures['product_peak_mb']:7.1f} MB  (bar {BAR_MEGABYTES:.0f})")


if __name__ == "__main__":
    sys.exit(main())
