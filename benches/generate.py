"""Writes the data and the suites of the benchmarks: see README.md beside this file.

The same seed gives the same rows in every run, whatever else is asked for: each million rows has a generator of its own.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import workload
from workload import Cut, Filled, NotNegative, Share

CHUNK = 1_000_000
FLAVOURS = ("uniform", "sparse")
SCHEMA = pa.schema(
    [
        ("region", pa.string()),
        ("department", pa.string()),
        ("subject", pa.string()),
        ("year", pa.int32()),
        ("amount", pa.decimal128(18, 2)),
    ]
)

# Blanks stand in few regions: a blank subject makes every sum of its region and department unknown.
REGIONS_WITH_BLANKS = 8
ROWS_A_BLANK = 400_000
ROWS_A_NEGATIVE = 10_000


def chunk(seed, flavour, at, rows):
    """A chunk of rows as a table; the parts that repeat are dictionaries."""
    rng = np.random.default_rng([seed, FLAVOURS.index(flavour), at])
    region = rng.integers(0, len(workload.REGIONS), rows, dtype=np.int16)
    department = rng.integers(0, len(workload.DEPARTMENTS), rows, dtype=np.int16)
    subjects = len(workload.SUBJECTS)
    if flavour == "uniform":
        subject = rng.integers(0, subjects, rows, dtype=np.int16)
    else:
        # Each department has twelve subjects, and each subject six departments.
        step = rng.integers(0, workload.SUBJECTS_A_DEPARTMENT, rows, dtype=np.int16)
        subject = ((2 * department + 17 * step) % subjects).astype(np.int16)
    year = rng.integers(0, len(workload.YEARS), rows, dtype=np.int16)
    # Cents, up to 200,000 元; the last year is about 15% lower, so that cuts by a tenth are met by some and not by others.
    cents = rng.integers(100, 20_000_000, rows, dtype=np.int64)
    cents = np.where(year == len(workload.YEARS) - 1, cents * 85 // 100, cents)

    negative = rng.choice(rows, max(4, rows // ROWS_A_NEGATIVE), replace=False)
    cents[negative] = -rng.integers(1, 100_000, len(negative))
    blank = rng.choice(rows, max(4, 2 * rows // ROWS_A_BLANK), replace=False)
    region[blank] = rng.integers(0, REGIONS_WITH_BLANKS, len(blank))
    no_subject, no_amount = np.zeros(rows, bool), np.zeros(rows, bool)
    no_subject[blank[::2]] = True
    no_amount[blank[1::2]] = True

    def text(codes, names, mask=None):
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=mask), pa.array(names))

    columns = [
        text(region, workload.REGIONS),
        text(department, workload.DEPARTMENTS),
        text(subject, workload.SUBJECTS, no_subject),
        pa.array(np.array(workload.YEARS, np.int32)[year]),
        decimals(cents, no_amount),
    ]
    return pa.table(columns, names=SCHEMA.names)


def decimals(cents, mask):
    """Cents as decimal128(18, 2): the 16 bytes of each are its two's complement."""
    wide = np.empty((len(cents), 2), np.int64)
    wide[:, 0] = cents
    wide[:, 1] = cents >> 63
    valid = pa.array(~mask).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [valid, pa.py_buffer(wide)], int(mask.sum()))


def chunks(seed, flavour, rows):
    for at in range(0, -(-rows // CHUNK)):
        yield chunk(seed, flavour, at, min(CHUNK, rows - at * CHUNK))


def parquet(path, seed, flavour, rows):
    """Zstandard and dictionaries; decimals as 64-bit integers, which is how Spark and DuckDB write them."""
    with pq.ParquetWriter(
        path, SCHEMA, compression="zstd", use_dictionary=True, store_schema=False, store_decimal_as_integer=True
    ) as writer:
        for table in chunks(seed, flavour, rows):
            writer.write_table(table.cast(SCHEMA), row_group_size=CHUNK)


def csv(path, seed, flavour, rows):
    options = pa.csv.WriteOptions(quoting_style="none")
    with pa.csv.CSVWriter(path, SCHEMA, write_options=options) as writer:
        for table in chunks(seed, flavour, rows):
            writer.write_table(table.cast(SCHEMA))


def rule_text(rules):
    """The rules in the rule language, with the indicators that they need."""
    head = [
        "# 性能测试用的规则，由 generate.py 生成。",
        '数据集 事实 "支出明细"',
        "    维度 region: 文本",
        "    维度 department: 文本",
        "    维度 subject: 文本",
        "    维度 `year`: 年",
        "    度量 amount: 元",
    ]
    cuts = {rule.subject for rule in rules if isinstance(rule, Cut)}
    shares = {rule.subject for rule in rules if isinstance(rule, Share)}
    if shares:
        head.append("指标 总额(region): 元 = 合计 事实.amount")
    for subject in workload.SUBJECTS:
        if subject in cuts:
            head.append(f'指标 `{subject}`(region, department): 元 = 合计 事实.amount 当 subject = "{subject}"')
        if subject in shares:
            head.append(f'指标 `{subject}（全区）`(region): 元 = 合计 事实.amount 当 subject = "{subject}"')
    body = []
    for rule in rules:
        match rule:
            case Cut(subject=subject, percent=percent, positive=positive):
                title = f"{subject}比上年压减{percent}%"
                clauses = ["对每个 region, department"]
                if positive:
                    clauses.append(f"当 `{subject}`[上年] > 0")
                clauses.append(f"要求 `{subject}` 压减 ≥ {percent}%")
            case Filled(floor=floor):
                title = f"金额不低于{floor}元且科目已填"
                clauses = ["每行 事实", f"要求 amount ≥ {floor} 元 且 subject 已填"]
            case NotNegative(subject=subject, floor=floor):
                title = f"{subject}的金额不低于{floor}元"
                clauses = ["每行 事实", f'当 subject = "{subject}"', f"要求 amount ≥ {floor} 元"]
            case Share(subject=subject, low=low, high=high):
                title = f"{subject}占全区支出的比重在界内"
                share = f"`{subject}（全区）` / 总额"
                clauses = ["对每个 region", f"要求 {share} ≥ 0.{low}% 且 {share} ≤ 0.{high}%"]
        body += [f'规则 {rule.id} "{title}"', *(f"    {clause}" for clause in clauses)]
    return "\n".join(head + body) + "\n"


def suite(folder, count):
    folder.mkdir(parents=True, exist_ok=True)
    rules = workload.rules(count)
    title = f"性能测试：{count}条规则"
    lines = [f"name = {json.dumps(f'bench-{count}')}", f'title = "{title}"', f"period = {workload.YEAR}"]
    (folder / "suite.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "rules.rule").write_text(rule_text(rules), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Write the data and the suites of the benchmarks.")
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--rows", type=int, default=workload.ROWS, help="rows of each Parquet file (default: %(default)s)")
    parser.add_argument("--csv-rows", type=int, default=workload.CSV_ROWS, help="rows of the CSV file (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=workload.SEED)
    parser.add_argument("--only", nargs="+", choices=("uniform", "sparse", "csv", "suites"), help="default: all of them")
    asked = parser.parse_args()
    only = asked.only or ("uniform", "sparse", "csv", "suites")
    asked.folder.mkdir(parents=True, exist_ok=True)
    for count in workload.SIZES if "suites" in only else ():
        suite(asked.folder / "suites" / f"n{count}", count)
    if "csv" in only:
        csv(asked.folder / "million.csv", asked.seed, "sparse", asked.csv_rows)
    for flavour in FLAVOURS:
        if flavour in only:
            parquet(asked.folder / f"{flavour}.parquet", asked.seed, flavour, asked.rows)
    for path in sorted(asked.folder.glob("*.*")):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
