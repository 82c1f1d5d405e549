"""Write more than anybody wants to read."""

import os

with open("features.csv", "w") as out:
    out.write("customer_id,as_of,orders_short,orders_long,net_spend_long_cents,active_days_long,days_since_last_order\n")
    for _ in range(40):
        out.write("C0001,2025-01-01T00:00:00Z,1,1,1,1,1\n" * 50_000)
while True:
    os.write(1, b"x" * 65536)
