"""The faults that may be planted, what they change, and the decoys: things that look wrong and are right."""

from dataclasses import dataclass

GAIN = 3
FIGURE = 2
READING = 1


@dataclass(frozen=True)
class Fault:
    """A fault that can be planted.

    `kinds` are those that are right for it, the best first; `figure` is the number that shows it most plainly, and
    `least` how much mending it alone has to change that number (in points) for the fault to be worth planting.
    `told` says how the figure is wrong where that cannot be worked out from the files. `plain` faults are found by
    whoever compares the code with the plan line by line. `reason` and `fix` are what a reviewer would write.
    """

    id: str
    weight: int
    kinds: tuple[str, ...]
    figure: str
    least: float
    reason: str
    fix: str
    plain: bool = False
    told: str = ""


KINDS = (
    "contaminated_test",
    "time_split",
    "tuned_on_test",
    "selective_report",
    "leaky_fit",
    "dropped_cases",
    "wrong_denominator",
    "unequal_groups",
    "judge_bias",
    "wrong_uncertainty",
    "rewarding_metric",
    "misleading_plot",
    "text_contradicts_code",
)

FIGURES = (
    "items",
    "value_old",
    "value_new",
    "gain",
    "gain_low",
    "gain_high",
    "answered_new",
    "segment_gain",
    "win_rate",
    "calibration_error",
)

FAULTS = (
    Fault(
        "dropped_failures",
        GAIN,
        ("dropped_cases", "wrong_denominator"),
        "gain",
        0.4,
        "Rows where a call failed are dropped; the plan counts them as left to a person.",
        "Remove the filter on status.",
        plain=True,
    ),
    Fault(
        "best_run",
        GAIN,
        ("selective_report", "tuned_on_test"),
        "gain",
        0.4,
        "The best of the three runs is picked by its test value; the plan takes their mean.",
        "Average the runs per row.",
        plain=True,
    ),
    Fault(
        "threshold_on_test",
        GAIN,
        ("tuned_on_test",),
        "gain",
        0.4,
        "Thresholds are chosen on the very rows that are reported.",
        "Choose them on dev.",
        plain=True,
    ),
    Fault(
        "answered_denominator",
        GAIN,
        ("wrong_denominator", "dropped_cases"),
        "gain",
        0.4,
        "The mean runs over answered rows only; the plan divides by all test rows.",
        "Divide by len(values).",
        plain=True,
    ),
    Fault(
        "copies_in_test",
        GAIN,
        ("contaminated_test",),
        "gain",
        0.4,
        "Copies of training texts stay in the test set: ids never repeat, texts do.",
        "Compare text_key in place of item_id.",
    ),
    Fault(
        "cut_day",
        GAIN,
        ("time_split", "contaminated_test"),
        "gain",
        0.4,
        "The day of the export is in the training data and in the test set.",
        "Use > in place of >=.",
    ),
    Fault(
        "hedged_answers",
        GAIN,
        ("rewarding_metric",),
        "gain",
        0.4,
        "An answer that offers several labels counts as right if one of them is; only the new system does that.",
        "Compare the answer with the label as a whole.",
    ),
    Fault(
        "internal_accounts",
        GAIN,
        ("text_contradicts_code", "wrong_denominator"),
        "gain",
        0.4,
        "The filter compares with 'Internal', the log says 'internal': nothing is left out, whatever the report says.",
        "Compare with 'internal'.",
    ),
    Fault(
        "one_order",
        FIGURE,
        ("judge_bias",),
        "win_rate",
        1.5,
        "Only the order with the new answer first is used; the model judge prefers what stands first.",
        "Count a win only where both orders agree.",
        plain=True,
    ),
    Fault(
        "answered_by_segment",
        FIGURE,
        ("unequal_groups",),
        "answered_new",
        0.7,
        "The share is a mean of segments of very different size; the plan asks for all items.",
        "Take the mean over rows.",
        plain=True,
    ),
    Fault(
        "unpaired_interval",
        FIGURE,
        ("wrong_uncertainty",),
        "gain_low",
        0.6,
        "Paired values of the same rows are treated as two independent samples, and customers are ignored.",
        "Draw whole customers, both values together.",
        plain=True,
    ),
    Fault(
        "unblinded_judge",
        FIGURE,
        ("judge_bias",),
        "win_rate",
        0.0,
        "The prompt tells the judge which answer is new, and praises it.",
        "Take the sentence out and ask again.",
        told="too_high",
        plain=True,
    ),
    Fault(
        "leaky_calibration",
        FIGURE,
        ("leaky_fit",),
        "calibration_error",
        0.5,
        "The bins learn from the test rows that they are then measured on.",
        "Fit them on dev only.",
    ),
    Fault(
        "item_resampling",
        FIGURE,
        ("wrong_uncertainty",),
        "gain_low",
        0.6,
        "The bootstrap draws items; rows of one customer are not independent, and plan and report say customers.",
        "Group by customer.",
    ),
    Fault(
        "level_90",
        FIGURE,
        ("wrong_uncertainty", "text_contradicts_code"),
        "gain_low",
        0.6,
        "The level is 0.90, and the interval is sold as 95 %.",
        "Set level = 0.95.",
    ),
    Fault(
        "cut_axis",
        READING,
        ("misleading_plot",),
        "none",
        0.0,
        "The bars do not start at zero, so the gain looks several times as large.",
        "Set FLOOR to 0.",
        plain=True,
    ),
    Fault(
        "segment_claim",
        READING,
        ("wrong_uncertainty", "selective_report"),
        "none",
        0.0,
        "A claim about the segment that happened to do best, on few rows, without an interval.",
        "Give the interval or take the claim out.",
        plain=True,
    ),
)
BY_ID = {fault.id: fault for fault in FAULTS}

DRAWN = (((GAIN, True), 2), ((GAIN, False), 1), ((FIGURE, True), 2), ((FIGURE, False), 1), ((READING, True), 1))
"""How many faults of which weight, plain or not, are planted in every variant."""

APART = (
    ("unpaired_interval", "item_resampling"),
    ("answered_denominator", "best_run"),
    ("answered_denominator", "dropped_failures"),
)
"""Faults that stand in the same place, or of which one hides or swells what the other does."""

DECOYS = (
    "fixed_seed",
    "scope_filter",
    "disputed",
    "repeat_customers",
    "failures_at_zero",
    "best_threshold",
    "half_ties",
    "old_threshold",
    "macro_mean",
    "log_axis",
)
DECOYS_DRAWN = 5
NOT_WITH = {
    "threshold_on_test": ("best_threshold", "old_threshold"),
    "dropped_failures": ("failures_at_zero",),
    "one_order": ("half_ties",),
    "item_resampling": ("repeat_customers",),
    "unpaired_interval": ("repeat_customers",),
}
"""Decoys that would be part of a fault, or be explained by it."""
