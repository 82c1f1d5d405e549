"""Medians of groups."""

from collections import defaultdict
from statistics import median


def median_by_group(rows):
    values = defaultdict(list)
    for row in rows:
        values[row["group"]].append(row["value"] or 0)
    return {group: median(numbers) for group, numbers in values.items()}
