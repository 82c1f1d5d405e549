"""Try the pages with this: finish the function, run the public checks, hand in."""


def median_by_group(rows):
    """Return the median value of each group."""
    return {}
