"""Medians of groups."""

from statistics import median


def median_by_group(rows):
    values = {}
    for row in rows:
        if row["value"] is not None:
            values.setdefault(row["group"], []).append(row["value"])
    return {group: median(numbers) for group, numbers in values.items()}
