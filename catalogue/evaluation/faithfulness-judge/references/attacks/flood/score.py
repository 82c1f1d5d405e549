"""Write more than anybody wants to read."""

import os

with open("scores.csv", "w") as out:
    out.write("id,unsupported\n")
    for _ in range(20):
        out.write("0000000000,0.5\n" * 100_000)
with open("report.json", "w") as out:
    out.write("[" * 1_000_000)
for _ in range(200):
    os.write(1, b"x" * 65536)
