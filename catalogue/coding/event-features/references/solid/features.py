"""Features in DuckDB: load new files into a state database, answer the labels with SQL."""

import argparse
from pathlib import Path

import duckdb

TABLES = """
create table if not exists loaded (name text primary key);
create table if not exists event (
    event_id text, rev integer, kind text, customer text, happened timestamptz, cents bigint, ref text, void boolean,
    received timestamptz);
"""
OLD = """
insert into event
select event_id, rev::integer, kind, customer_id, timezone(tz, event_time::timestamp),
       round(amount::double * 100)::bigint, ref, status = 'void', ingested_at::timestamptz
from read_csv(?, header = true, all_varchar = true, buffer_size = 8000000)
where kind <> 'ping'
"""
NEW = """
insert into event
select id, rev, case type when 'order.placed' then 'order' when 'order.refunded' then 'refund' else type end,
       customer.id, occurred_at::timestamptz, amount_cents, refers_to, deleted, received_at::timestamptz
from read_json(?, format = 'newline_delimited', columns = {
    id: 'text', rev: 'integer', type: 'text', customer: 'struct(id text)', occurred_at: 'text',
    amount_cents: 'bigint', refers_to: 'text', deleted: 'boolean', received_at: 'text'})
where type <> 'device.ping'
"""
FEATURES = """
with label as (
    select row_number() over () as place, customer_id, as_of as given, as_of::timestamptz as as_of
    from read_csv($labels, header = true, all_varchar = true)),
home as (select customer_id, home_tz from read_csv($customers, header = true, all_varchar = true)),
known as (
    select l.place, l.customer_id as asked, l.as_of, h.home_tz, e.*,
           row_number() over (partition by l.place, e.event_id order by e.received desc) as newest
    from label l join home h using (customer_id)
    join event e on e.received <= l.as_of and e.event_id in (select event_id from event where customer = l.customer_id)),
event_now as (
    select * from known where newest = 1 and not void and customer = asked and happened <= as_of),
refunded as (
    select ref, sum(cents) as cents
    from (select *, row_number() over (partition by event_id order by received desc) as newest from event where kind = 'refund')
    where newest = 1 and not void group by ref),
worth as (
    select n.*, greatest(n.cents - coalesce(r.cents, 0), 0) as net
    from event_now n left join refunded r on r.ref = n.event_id where n.kind = 'order'),
orders as (
    select place,
           count(*) filter (happened >= as_of - to_days($short)) as orders_short,
           count(*) filter (happened >= as_of - to_days($long)) as orders_long,
           coalesce(sum(net) filter (happened >= as_of - to_days($long)), 0) as spend,
           floor(epoch(max(as_of) - max(happened)) / 86400)::integer as since
    from worth where net > 0 group by place),
active as (
    select place, count(distinct timezone(home_tz, happened)::date) as days
    from event_now where kind <> 'refund' and happened >= as_of - to_days($long) group by place)
select customer_id, given as as_of, coalesce(orders_short, 0) as orders_short, coalesce(orders_long, 0) as orders_long,
       coalesce(spend, 0)::bigint as net_spend_long_cents, coalesce(days, 0) as active_days_long,
       coalesce(since, -1) as days_since_last_order
from label left join orders using (place) left join active using (place) order by place
"""


def load(state, path):
    if state.execute("select 1 from loaded where name = ?", [path.name]).fetchone():
        return
    state.execute("begin")
    state.execute(OLD if ".csv" in path.name else NEW, [str(path)])
    state.execute("insert into loaded values (?)", [path.name])
    state.execute("commit")


def main():
    parser = argparse.ArgumentParser()
    for name in ("events", "customers", "labels", "state", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--short-days", type=int, required=True)
    parser.add_argument("--long-days", type=int, required=True)
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True)
    state = duckdb.connect(str(options.state / "events.duckdb"))
    state.execute("set timezone = 'UTC'; set threads = 1; set memory_limit = '96MB'; set preserve_insertion_order = false")
    state.execute(TABLES)
    for path in sorted(options.events.glob("*.gz")):
        load(state, path)
    given = {"labels": str(options.labels), "customers": str(options.customers)}
    windows = {"short": options.short_days, "long": options.long_days}
    state.execute("create temp table answer as " + FEATURES, {**given, **windows})
    state.execute(f"copy answer to '{options.out}' (header)")


if __name__ == "__main__":
    main()
