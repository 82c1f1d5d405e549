"""Turn one raw row, from the export or live, into numbers; shared by training and scoring so that they cannot differ."""

import math
import re

# column -> (lowest, highest) value that a customer can have; what lies outside is treated as missing
RANGES = {
    "tenure_months": (0, 720),
    "monthly_price": (1, 500),
    "last_rise_pct": (0, 60),
    "visits_12m": (0, 150),
    "inspection_points": (0, 120),
    "own_share_pct": (0, 100),
    "yearly_credit": (0, 1000),
    "desk_minutes_90d": (0, 2000),
    "portal_idle_days": (0, 3000),
    "reminders_90d": (0, 200),
}
SKEWED = {
    "tenure_months", "monthly_price", "visits_12m", "inspection_points", "yearly_credit", "desk_minutes_90d",
    "portal_idle_days", "reminders_90d",
}  # fmt: skip
WORDS = ("region", "channel", "system_grade", "restricted_use", "separate_deductible")
NUMBER = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(months?|years?)?\s*$")


def number(name: str, value: object) -> float:
    """Read a number from a number or text, in the column's unit; NaN where there is none or it is impossible."""
    match = NUMBER.match(str(value)) if isinstance(value, (str, int, float)) else None
    if match is None:
        return math.nan
    found = float(match[1]) * (12 if (match[2] or "").startswith("year") else 1)
    low, high = RANGES[name]
    return found if low <= found <= high else math.nan


def transformed(name: str, value: object) -> float:
    """Read a number and take the logarithm of columns with a long tail."""
    found = number(name, value)
    return math.log1p(found) if name in SKEWED else found


def word(value: object) -> str:
    """Read a category; anything that is not a plain word becomes empty."""
    return value.strip() if isinstance(value, str) and value.strip() != "N/A" else ""
