"""Write more than anybody wants to read, and say it too."""

import os

os.makedirs("out", exist_ok=True)
with open("out/records.jsonl", "w") as out, open("out/failures.jsonl", "w") as failures:
    for _ in range(100):
        out.write('{"document": "in-1.txt"}\n' * 20_000)
        failures.write('{"document": "in-1.txt", "field": null, "reason": "refused"}\n' * 20_000)
while True:
    os.write(1, b"x" * 65536)
