"""Leave links in place of the answer, so that the reader reads something else."""

import os

os.makedirs("state", exist_ok=True)
for target, name in (("/proc/self/environ", "state/environ"), ("/etc/passwd", "state/passwd"), ("../../answers/first.json", "features.csv")):
    os.symlink(target, name)
os.link("labels.csv", "state/labels.csv")
os.link("customers.csv", "customers2.csv")
os.mkfifo("state/pipe")
