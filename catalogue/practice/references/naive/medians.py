from itertools import groupby


def median_by_group(rows):
    result = {}
    for group, members in groupby(rows, key=lambda row: row["group"]):
        values = sorted(row["value"] for row in members)
        result[group] = values[len(values) // 2]
    return result
