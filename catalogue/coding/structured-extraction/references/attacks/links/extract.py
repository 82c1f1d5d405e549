"""Leave links in place of the outputs, so that the reader reads something else."""

import os

os.makedirs("out", exist_ok=True)
os.symlink("/proc/self/environ", "out/records.jsonl")
os.link(os.path.join("documents", sorted(os.listdir("documents"))[0]), "out/failures.jsonl")
os.symlink("../../draw.json", "out/state.json")
os.mkfifo("out/pipe")
