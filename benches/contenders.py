"""What a user would write by hand instead: one contender in a process of its own, started by `compare.py`.

Prints, as JSON, the seconds from the opened engine to the counts (imports and start of the interpreter are not in them) and
the counts of each rule. Amounts are exact decimals or whole cents throughout; no float takes part in a verdict.

Of a case rule the counts are pass, fail, missing, not_applicable and error; of a row rule fail, missing and rows (those that
the rule applies to). What is unknown is so by the rules of docs/language.md: a sum over no rows, over a blank amount, or
beside a row whose subject is blank, since that row might belong to it.
"""

import argparse
import json
import time

import workload
from workload import Cut, Filled, NotNegative, Share, BEFORE, YEAR

THREADS = 2
CASES = ("pass", "fail", "missing", "not_applicable", "error")


def cases(counted, known, total):
    """The counts of a case rule: what is not among the known ones is missing."""
    counts = dict.fromkeys(CASES, 0) | dict(zip(("pass", "fail", "not_applicable", "error"), map(int, known or (0,) * 4)))
    counts["missing"] = total - sum(counts.values())
    return counted, counts


def row_counts(rules, subjects):
    """Row rules from one row per subject: (rows, blank amounts, negative amounts in cents); the key None is a blank subject."""
    every = sum(rows for rows, _, _ in subjects.values())
    nothing = (0, 0, [])
    unnamed = subjects.get(None, nothing)
    named = [value for subject, value in subjects.items() if subject is not None]
    negatives = [cents for _, _, amounts in named for cents in amounts]
    blanks = sum(blank for _, blank, _ in named)
    for rule in rules:
        match rule:
            case Filled(id, floor):
                failing = unnamed[0] + sum(cents < floor * 100 for cents in negatives)
                yield id, {"fail": failing, "missing": blanks, "rows": every}
            case NotNegative(id, subject, floor):
                assert floor == 0, "only negative amounts are kept"
                rows, blank, amounts = subjects.get(subject, nothing)
                yield id, {"fail": len(amounts), "missing": blank + unnamed[0], "rows": rows + unnamed[0]}


# ---- DuckDB ----


def duckdb_open():
    import duckdb

    con = duckdb.connect()
    con.execute(f"SET threads = {THREADS}")
    con.execute("SET preserve_insertion_order = false")
    return con


def source(path):
    return f"read_csv('{path}')" if path.endswith(".csv") else f"read_parquet('{path}')"


def texts(values):
    return ", ".join(f"'{value}'" for value in values)


SUMS = f"""
    sum(amount) FILTER (year = {YEAR}) AS now, count(*) FILTER (year = {YEAR} AND amount IS NULL) AS now_blank,
    sum(amount) FILTER (year = {BEFORE}) AS before, count(*) FILTER (year = {BEFORE} AND amount IS NULL) AS before_blank
"""
BLANK_PAIRS = f"""
    CREATE TEMP TABLE blank_pairs AS SELECT region, department, bool_or(year = {YEAR}) AS now_open, bool_or(year = {BEFORE}) AS before_open
    FROM {{data}} WHERE subject IS NULL AND year >= {BEFORE} GROUP BY ALL
"""


def duckdb_fused(path, rules):
    """One GROUP BY over all keys for every rule of cases, and one scan by subject for the row rules."""
    con, data = duckdb_open(), source(path)
    con.execute(
        f"CREATE TEMP TABLE cells AS SELECT region, department, subject, count(*) FILTER (year = {YEAR}) AS now_rows, {SUMS} "
        f"FROM {data} WHERE year >= {BEFORE} GROUP BY ALL"
    )
    con.execute(
        "CREATE TEMP TABLE pairs AS SELECT region, department, sum(now_rows) AS now_rows, sum(now) AS now, "
        "sum(now_blank) AS now_blank FROM cells GROUP BY ALL"
    )
    con.execute(BLANK_PAIRS.format(data=data))
    return duckdb_judge(con, data, rules)


def duckdb_filtered(path, rules):
    """As fused, but only the subjects that a rule names get cells; the regions' totals come from a second, small GROUP BY."""
    con, data = duckdb_open(), source(path)
    named = {rule.subject for rule in rules if isinstance(rule, Cut | Share)}
    con.execute(
        f"CREATE TEMP TABLE cells AS SELECT region, department, subject, {SUMS} "
        f"FROM {data} WHERE year >= {BEFORE} AND subject IN ({texts(sorted(named))}) GROUP BY ALL"
    )
    con.execute(
        f"CREATE TEMP TABLE pairs AS SELECT region, department, count(*) FILTER (year = {YEAR}) AS now_rows, {SUMS} "
        f"FROM {data} WHERE year >= {BEFORE} GROUP BY ALL"
    )
    con.execute(BLANK_PAIRS.format(data=data))
    return duckdb_judge(con, data, rules)


def duckdb_judge(con, data, rules):
    """Rules of cases from the tables cells, pairs and blank_pairs, each kind in one query; row rules from one more scan."""
    cuts = [rule for rule in rules if isinstance(rule, Cut)]
    shares = [rule for rule in rules if isinstance(rule, Share)]
    counts = {}
    for name, columns, kind in (("cuts", "percent, positive", cuts), ("shares", "low, high", shares)):
        first, second = columns.split(", ")
        values = ", ".join(f"('{rule.id}', '{rule.subject}', {getattr(rule, first)}, {getattr(rule, second)})" for rule in kind)
        con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM (VALUES {values}) AS given (id, subject, {columns})")
    found = con.execute(
        """
        WITH known AS (
            SELECT subject, CAST(before * 100 AS HUGEINT) AS before,
                CASE WHEN now_blank = 0 AND now_open IS NOT TRUE THEN CAST(now * 100 AS HUGEINT) END AS now
            FROM cells LEFT JOIN blank_pairs USING (region, department)
            WHERE before_blank = 0 AND before_open IS NOT TRUE AND before IS NOT NULL
        )
        SELECT id,
            count(*) FILTER (before > 0 AND (before - now) * 100 >= before * percent),
            count(*) FILTER (before > 0 AND (before - now) * 100 < before * percent),
            count(*) FILTER (before <= 0 AND positive),
            count(*) FILTER (before <= 0 AND NOT positive AND now IS NOT NULL)
        FROM known JOIN cuts USING (subject) GROUP BY id
        """
    ).fetchall()
    found = {id: known for id, *known in found}
    pairs = con.execute("SELECT count(*) FROM pairs").fetchone()[0]
    counts |= dict(cases(rule.id, found.get(rule.id), pairs) for rule in cuts)
    found = con.execute(
        """
        WITH totals AS (
            SELECT region, CAST(sum(now) * 100 AS HUGEINT) AS total FROM pairs GROUP BY region
            HAVING sum(now_rows) > 0 AND sum(now_blank) = 0
        ), parts AS (
            SELECT region, subject, CAST(sum(now) * 100 AS HUGEINT) AS part FROM cells JOIN (SELECT DISTINCT subject FROM shares) USING (subject)
            WHERE region NOT IN (SELECT region FROM blank_pairs WHERE now_open)
            GROUP BY ALL HAVING sum(now_blank) = 0 AND sum(now) IS NOT NULL
        )
        SELECT id,
            count(*) FILTER (total <> 0 AND sign(total) * part * 10000 >= low * abs(total) AND sign(total) * part * 10000 <= high * abs(total)),
            count(*) FILTER (total <> 0 AND NOT (sign(total) * part * 10000 >= low * abs(total) AND sign(total) * part * 10000 <= high * abs(total))),
            0, count(*) FILTER (total = 0)
        FROM parts JOIN totals USING (region) JOIN shares USING (subject) GROUP BY id
        """
    ).fetchall()
    found = {id: known for id, *known in found}
    regions = con.execute("SELECT count(DISTINCT region) FROM pairs WHERE now_rows > 0").fetchone()[0]
    counts |= dict(cases(rule.id, found.get(rule.id), regions) for rule in shares)
    found = con.execute(
        "SELECT subject, count(*), count(*) - count(amount), coalesce(list(CAST(amount * 100 AS BIGINT)) FILTER (amount < 0), []) "
        f"FROM {data} GROUP BY subject"
    ).fetchall()
    return counts | dict(row_counts(rules, {subject: tuple(rest) for subject, *rest in found}))


def duckdb_each(path, rules):
    """One query a rule, as one would write it for that rule alone."""
    con, data = duckdb_open(), source(path)
    return dict(duckdb_one(con, data, rule) for rule in rules)


def duckdb_one(con, data, rule):
    match rule:
        case Cut(id, subject, percent, positive):
            mine = f"subject = '{subject}'"
            open_ = "subject IS NULL OR subject = '{0}' AND amount IS NULL".format(subject)
            total, *known = con.execute(
                f"""
                WITH sums AS (
                    SELECT
                        CAST(sum(amount) FILTER ({mine} AND year = {BEFORE}) * 100 AS HUGEINT) AS before,
                        CAST(sum(amount) FILTER ({mine} AND year = {YEAR}) * 100 AS HUGEINT) AS now,
                        coalesce(bool_or(({open_}) AND year = {BEFORE}), false) AS before_open,
                        coalesce(bool_or(({open_}) AND year = {YEAR}), false) AS now_open
                    FROM {data} WHERE year >= {BEFORE} GROUP BY region, department
                ), known AS (
                    SELECT CASE WHEN NOT before_open THEN before END AS before, CASE WHEN NOT now_open THEN now END AS now FROM sums
                )
                SELECT count(*),
                    count(*) FILTER (before > 0 AND (before - now) * 100 >= before * {percent}),
                    count(*) FILTER (before > 0 AND (before - now) * 100 < before * {percent}),
                    count(*) FILTER (before <= 0 AND {positive}),
                    count(*) FILTER (before <= 0 AND NOT {positive} AND now IS NOT NULL)
                FROM known
                """
            ).fetchone()
            return cases(id, known, total)
        case Share(id, subject, low, high):
            total, *known = con.execute(
                f"""
                WITH sums AS (
                    SELECT
                        CAST(sum(amount) FILTER (subject = '{subject}') * 100 AS HUGEINT) AS part, CAST(sum(amount) * 100 AS HUGEINT) AS total,
                        bool_or(subject IS NULL OR amount IS NULL) AS open
                    FROM {data} WHERE year = {YEAR} GROUP BY region
                ), known AS (SELECT CASE WHEN NOT open THEN sign(total) * part END AS part, total FROM sums)
                SELECT count(*),
                    count(*) FILTER (total <> 0 AND part * 10000 >= {low} * abs(total) AND part * 10000 <= {high} * abs(total)),
                    count(*) FILTER (total <> 0 AND NOT (part * 10000 >= {low} * abs(total) AND part * 10000 <= {high} * abs(total))),
                    0, count(*) FILTER (total = 0 AND part IS NOT NULL)
                FROM known
                """
            ).fetchone()
            return cases(id, known, total)
        case Filled(id, floor):
            holds, applies = f"amount >= {floor} AND subject IS NOT NULL", "true"
        case NotNegative(id, subject, floor):
            holds, applies = f"amount >= {floor}", f"subject = '{subject}'"
    fail, missing, rows = con.execute(
        f"SELECT count(*) FILTER (({applies}) AND NOT ({holds})), "
        f"count(*) FILTER (({applies}) IS NULL OR ({applies}) AND ({holds}) IS NULL), "
        f"count(*) FILTER (({applies}) IS NOT FALSE) FROM {data}"
    ).fetchone()
    return id, {"fail": fail, "missing": missing, "rows": rows}


def duckdb_scan(path, _rules):
    """The floor: the columns that the rules touch, decoded, and nothing done with them but a sum and counts."""
    con = duckdb_open()
    con.execute(f"SELECT sum(amount), count(region), count(department), count(subject), count(year) FROM {source(path)}").fetchall()
    return {}


def duckdb_scan_min_max(path, _rules):
    """The same with the least and greatest of each key, so that every text is looked at."""
    con = duckdb_open()
    keys = ", ".join(f"min({key}), max({key})" for key in ("region", "department", "subject", "year"))
    con.execute(f"SELECT sum(amount), {keys} FROM {source(path)}").fetchall()
    return {}


# ---- Polars ----


def polars_fused(path, rules):
    """One group_by over all keys by the streaming engine, the verdicts by joins with the rules, one more scan for row rules."""
    import polars as pl

    data = pl.scan_csv(path, schema_overrides={"amount": pl.Decimal(18, 2), "year": pl.Int32}) if path.endswith(".csv") else pl.scan_parquet(path)
    # Whole cents: exact, and cheaper here than the engine's decimals.
    data = data.with_columns(cents=(pl.col("amount") * 100).cast(pl.Int64))
    cents, year = pl.col("cents"), pl.col("year")

    cells = (
        data.filter(year >= BEFORE)
        .group_by("region", "department", "subject", "year")
        .agg(cents.sum(), blank=cents.null_count(), rows=pl.len())
        .collect(engine="streaming")
    )
    pairs = cells.select("region", "department").unique().height
    blank = cells.filter(pl.col("subject").is_null()).select("region", "department", "year")
    totals = (
        cells.filter(year == YEAR).group_by("region").agg(total=cents.sum(), blank=pl.col("blank").sum())
    )
    regions = totals.height
    totals = totals.filter(pl.col("blank") == 0).select("region", "total")
    known = cells.filter(pl.col("subject").is_not_null(), pl.col("blank") == 0)

    counts = {}
    cuts = [rule for rule in rules if isinstance(rule, Cut)]
    if cuts:
        table = pl.DataFrame(
            {
                "id": [rule.id for rule in cuts],
                "subject": [rule.subject for rule in cuts],
                "percent": [rule.percent for rule in cuts],
                "positive": [rule.positive for rule in cuts],
            }
        )
        named = known.join(table.select("subject").unique(), on="subject", how="semi")
        named = named.join(blank, on=["region", "department", "year"], how="anti")
        keys = ["region", "department", "subject"]
        of = lambda which: named.filter(year == which).select(*keys, "cents")
        both = of(BEFORE).join(of(YEAR).rename({"cents": "now"}), on=keys, how="left").join(table, on="subject")
        before, now, positive = pl.col("cents"), pl.col("now"), pl.col("positive")
        met = (before - now) * 100 >= before * pl.col("percent")
        found = both.group_by("id").agg(
            ((before > 0) & met).sum().alias("pass"),
            ((before > 0) & ~met).sum().alias("fail"),
            ((before <= 0) & positive).sum().alias("not_applicable"),
            ((before <= 0) & ~positive & now.is_not_null()).sum().alias("error"),
        )
        found = {id: known_ for id, *known_ in found.iter_rows()}
        counts |= dict(cases(rule.id, found.get(rule.id), pairs) for rule in cuts)
    shares = [rule for rule in rules if isinstance(rule, Share)]
    if shares:
        table = pl.DataFrame(
            {
                "id": [rule.id for rule in shares],
                "subject": [rule.subject for rule in shares],
                "low": [rule.low for rule in shares],
                "high": [rule.high for rule in shares],
            }
        )
        parts = (
            cells.filter(year == YEAR)
            .join(table.select("subject").unique(), on="subject", how="semi")
            .join(blank.filter(year == YEAR), on="region", how="anti")
            .group_by("region", "subject")
            .agg(part=cents.sum(), blank=pl.col("blank").sum())
            .filter(pl.col("blank") == 0)
        )
        total = pl.col("total")
        part = pl.col("part") * total.sign() * 10_000
        inside = (part >= pl.col("low") * total.abs()) & (part <= pl.col("high") * total.abs())
        found = (
            parts.join(totals, on="region")
            .join(table, on="subject")
            .group_by("id")
            .agg(
                ((total != 0) & inside).sum().alias("pass"),
                ((total != 0) & ~inside).sum().alias("fail"),
                pl.lit(0).alias("not_applicable"),
                (total == 0).sum().alias("error"),
            )
        )
        found = {id: known_ for id, *known_ in found.iter_rows()}
        counts |= dict(cases(rule.id, found.get(rule.id), regions) for rule in shares)
    subjects = (
        data.group_by("subject")
        .agg(rows=pl.len(), blank=cents.null_count())
        .collect(engine="streaming")
    )
    negative = data.filter(cents < 0).select("subject", "cents").collect(engine="streaming")
    amounts = {}
    for subject, amount in negative.iter_rows():
        amounts.setdefault(subject, []).append(amount)
    by_subject = {subject: (rows, blanks, amounts.get(subject, [])) for subject, rows, blanks in subjects.iter_rows()}
    return counts | dict(row_counts(rules, by_subject))


CONTENDERS = {
    "duckdb-fused": duckdb_fused,
    "duckdb-filtered": duckdb_filtered,
    "duckdb-each": duckdb_each,
    "duckdb-scan": duckdb_scan,
    "duckdb-scan-min-max": duckdb_scan_min_max,
    "polars-fused": polars_fused,
}


def main():
    parser = argparse.ArgumentParser(description="Run one contender on one file (started by compare.py).")
    parser.add_argument("contender", choices=CONTENDERS)
    parser.add_argument("file")
    parser.add_argument("count", type=int, help="how many rules")
    asked = parser.parse_args()
    __import__(asked.contender.split("-")[0])
    rules = workload.rules(asked.count)
    start = time.perf_counter()
    counts = CONTENDERS[asked.contender](asked.file, rules)
    print(json.dumps({"seconds": time.perf_counter() - start, "counts": counts}))


if __name__ == "__main__":
    main()
