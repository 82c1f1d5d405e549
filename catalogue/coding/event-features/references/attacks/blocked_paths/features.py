"""Leave files where the next night needs folders, folders where it needs files, and names that nobody can write."""

import csv
import os
import shutil

with open("labels.csv", newline="") as labels:
    rows = list(csv.DictReader(labels))
with open("features.csv", "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("customer_id", "as_of", "orders_short", "orders_long", "net_spend_long_cents", "active_days_long", "days_since_last_order"))
    table.writerows((row["customer_id"], row["as_of"], 1, 4, 40000, 8, 3) for row in rows)
shutil.rmtree("events")
open("events", "w").close()
for name in ("labels.csv", "customers.csv"):
    os.remove(name)
    os.makedirs(f"{name}/folder")
    open(f"{name}/folder/file", "w").close()
os.makedirs("state", exist_ok=True)
for name in (b"state/new\nline", b"state/\xff\xfe", b"state/..hidden", b"state/" + b"a" * 200, b"state/features.py"):
    open(name, "w").close()
