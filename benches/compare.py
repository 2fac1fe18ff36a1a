"""Runs Duixian and what one would write by hand, side by side, and says how they stand to each other: see README.md."""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import workload
from workload import Cut, Share

HERE = Path(__file__).resolve().parent
THREADS = 2
DUIXIAN = "duixian"
SCANS = ("duckdb-scan", "duckdb-scan-min-max")
JUDGES = ("duckdb-fused", "duckdb-filtered", "duckdb-each", "polars-fused")
CONTENDERS = (DUIXIAN, *JUDGES, *SCANS)
# One query a rule takes a minute at 100 rules and many at 1000: it runs only when asked for, and then once.
BY_DEFAULT = tuple(name for name in CONTENDERS if name != "duckdb-each")
# Of a record that nobody reads, and of a run that ends as it should: passed, failing rules, rules that miss figures.
FINE = (0, 1, 4)


class Broken(Exception):
    pass


# What wait4 says of a child's peak includes that of the process it was forked from. So a fresh, small one starts it.
STARTER = """
import json, os, sys, time
out, err, *command = sys.argv[1:]
flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
start = time.perf_counter()
opened = [(os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600), (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600)]
pid = os.posix_spawn(command[0], command, os.environ, file_actions=opened)
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - start
used = {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024}
print(json.dumps([os.waitstatus_to_exitcode(status), used]))
"""


def child(command, folder):
    """Runs a command in a process of its own: what it wrote, its exit code, and its times and peak memory in bytes."""
    out, err = folder / "stdout", folder / "stderr"
    environment = os.environ | {"POLARS_MAX_THREADS": str(THREADS)}
    started = subprocess.run(
        [sys.executable, "-I", "-S", "-c", STARTER, out, err, *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment, check=True,
    )
    code, used = json.loads(started.stdout)
    return out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"), code, used


def run_duixian(binary, suite, file, folder):
    """The whole process, from start to exit: rules read and compiled, data judged, record and report written."""
    record = folder / "record.json"
    record.unlink(missing_ok=True)
    command = [binary, "run", suite, "--data", f"事实={file}", "--record", record, "--lang", "en"]
    _, told, code, used = child(command, folder)
    if code not in FINE or not record.exists():
        raise Broken(f"{DUIXIAN} ended with exit code {code}: {told.strip()[-400:]}")
    written = json.loads(record.read_text(encoding="utf-8"))
    if written.get("unreadable"):
        raise Broken(f"{DUIXIAN} could not read {file}: {told.strip()[-400:]}")
    return used, record_counts(written)


def record_counts(record):
    """The counts of each rule of a run record, in the form that the contenders print."""
    case_rules = {rule.id for rule in workload.rules(len(record["rules"])) if isinstance(rule, Cut | Share)}
    counts = {}
    for rule in record["rules"]:
        if rule["id"] in case_rules:
            counts[rule["id"]] = {verdict: count for verdict, count in rule["cases"].items() if count}
            continue
        # A row rule is one case; how its rows come out is said in its finding. A rule that passes has none.
        finding = next(iter(rule["findings"]), None)
        if finding is None:
            counts[rule["id"]] = {}
            continue
        rows = finding.get("rows")
        if rows is None:
            raise Broken(f"the record says nothing of the rows of {rule['id']}, which is {rule['verdict']}")
        about = sum(rows.values()) - rows["not_applicable"]
        counts[rule["id"]] = plain({"rows": about, "fail": rows["fail"], "missing": rows["missing"]})
    return counts


def run_other(name, file, count, folder):
    command = [sys.executable, HERE / "contenders.py", name, file, str(count)]
    out, told, code, used = child(command, folder)
    if code != 0:
        raise Broken(f"{name} ended with exit code {code}: {told.strip()[-400:]}")
    answer = json.loads(out)
    used["seconds"] = answer["seconds"]
    return used, {id: plain(counts) for id, counts in answer["counts"].items()}


def plain(counts):
    """Without zeros; how many rows a row rule applies to is compared where it does not pass, since only then a record says it."""
    counts = {key: count for key, count in counts.items() if count}
    return {} if counts.keys() == {"rows"} else counts


def digest(counts):
    text = json.dumps(counts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def difference(first, second):
    """The first rule of two sets of counts that differs, in the order of the rules."""
    for id in sorted(first.keys() | second.keys(), key=lambda id: int(id[1:])):
        if first.get(id) != second.get(id):
            return id, first.get(id), second.get(id)
    return None


def once(asked, file, count, name, folder):
    """One turn of a contender: its times and peak, and its counts."""
    try:
        if name == DUIXIAN:
            return run_duixian(asked.binary, asked.folder / "suites" / f"n{count}", file, folder)
        return run_other(name, file, count, folder)
    except Broken as broken:
        sys.exit(f"{file.name}, N = {count}: {broken}")


def measure(asked, file, names, folder):
    """All contenders with all numbers of rules in turn, again and again, so that what else the machine does falls on all
    alike. By number of rules: the results and the counts of each contender."""
    measured = {count: ({name: {"seconds": [], "cpu": [], "memory": []} for name in names}, {}) for count in asked.n}
    for turn in range(asked.runs):
        for count, (results, counts) in measured.items():
            for name in names:
                if name == "duckdb-each" and turn > 0:
                    continue
                used, found = once(asked, file, count, name, folder)
                for what, value in used.items():
                    results[name][what].append(value)
                if name not in SCANS and counts.setdefault(name, found) != found:
                    sys.exit(f"{file.name}, N = {count}: {name} does not come out the same every time")
    for results, counts in measured.values():
        for name, of in results.items():
            of["median"] = statistics.median(of["seconds"])
            of["peak"] = max(of["memory"])
            if name in counts:
                of["digest"] = digest(counts[name])
    return measured


def equal(where, counts):
    """Whether all judged alike; says the first difference if not."""
    if len(counts) < 2:
        print("  digest of verdicts: not compared, since only one contender judged")
        return True
    (first, reference), *others = counts.items()
    for name, found in others:
        if differs := difference(reference, found):
            id, mine, theirs = differs
            print(f"  MISMATCH in {where}, rule {id}: {first} {mine}, {name} {theirs}")
            return False
    print(f"  digest of verdicts: {digest(reference)}, equal among {', '.join(counts)}")
    return True


def show(where, results):
    print(f"\n{where}")
    for name, of in results.items():
        spread = f"{min(of['seconds']):.2f}–{max(of['seconds']):.2f}"
        print(
            f"  {name:<20} {of['median']:>8.2f} s  ({spread}, {len(of['seconds'])} runs)"
            f"  {statistics.median(of['cpu']):>7.2f} s of processor time  peak {of['peak'] / 1e9:.2f} GB"
        )


def table(measured):
    """The rows of the issue's table that the parts which ran allow: (what, value, must, aim)."""

    def median(part, count, name):
        return measured.get((part, count), {}).get(name, {}).get("median")

    def against(part, count, name):
        mine, other = median(part, count, DUIXIAN), median(part, count, name)
        return mine / other if mine is not None and other is not None else None

    rows = []

    def add(what, value, must, aim):
        if value is not None:
            rows.append((what, value, must, aim))

    for part, must, aim in (("sparse", 0.5, 0.25), ("uniform", 0.35, 0.2)):
        add(f"{part}, N = 100, against DuckDB fused into one GROUP BY", against(part, 100, "duckdb-fused"), must, aim)
        add(f"{part}, N = 100, against DuckDB with the named subjects only", against(part, 100, "duckdb-filtered"), None, None)
        add(f"{part}, N = 100, against Polars fused", against(part, 100, "polars-fused"), None, None)
    for part in ("sparse", "uniform"):
        best = [ratio for name in JUDGES if (ratio := against(part, 10, name)) is not None]
        add(f"{part}, N = 10, against the best of the others", max(best, default=None), 0.999, 0.5)
    for part in ("sparse", "uniform"):
        add(f"{part}, N = 1000, against DuckDB one query a rule", against(part, 1000, "duckdb-each"), 0.01, 0.005)
        large, small = median(part, 1000, DUIXIAN), median(part, 10, DUIXIAN)
        if large is not None and small is not None:
            add(f"{part}, N = 1000 against N = 10", large / small, 1.5, 1.15)
    for part in ("sparse", "uniform"):
        limits = (4, 2) if part == "sparse" else (None, None)
        add(f"{part}, N = 100, against DuckDB's bare scan", against(part, 100, "duckdb-scan"), *limits)
        add(f"{part}, N = 100, against its scan with min and max", against(part, 100, "duckdb-scan-min-max"), None, None)
    for count in workload.SIZES:
        add(f"CSV, N = {count}, against DuckDB's bare CSV scan", against("csv", count, "duckdb-scan"), 1.5, 1)
    for part, must, aim in (("sparse", 0.6, 0.4), ("uniform", 1.0, 0.6)):
        peaks = [results[DUIXIAN]["peak"] / 1e9 for (of, _), results in measured.items() if of == part and DUIXIAN in results]
        add(f"{part}, peak memory in GB", max(peaks, default=None), must, aim)
    return rows


def verdict(value, must, aim):
    if must is None:
        return ""
    if value <= aim:
        return "aim"
    return "must" if value <= must else "NOT MET"


def print_table(rows):
    width = max(len(what) for what, *_ in rows)
    print(f"\n{'':<{width}}     value   must    aim")
    for what, value, must, aim in rows:
        limits = f"{must:>6} {aim:>6}" if must is not None else " " * 13
        print(f"{what:<{width}}  {value:>8.3f} {limits}  {verdict(value, must, aim)}")


def main():
    parser = argparse.ArgumentParser(description="Run Duixian and what one would write by hand, side by side.")
    parser.add_argument("folder", type=Path, help="what generate.py wrote")
    parser.add_argument("--binary", type=Path, default=HERE.parent / "target" / "release" / "duixian", help="default: %(default)s")
    parser.add_argument("--flavour", nargs="+", choices=("sparse", "uniform", "csv"), default=["sparse", "uniform", "csv"])
    parser.add_argument("--n", nargs="+", type=int, choices=workload.SIZES, default=[10, 100], help="default: 10 100")
    parser.add_argument(
        "--contenders", nargs="+", choices=CONTENDERS, default=list(BY_DEFAULT), help="default: all but duckdb-each, which runs once"
    )
    parser.add_argument("--runs", type=int, default=5, help="how often each runs; medians are taken (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="also write the raw times, peaks and digests to this file")
    asked = parser.parse_args()
    if asked.runs < 1:
        parser.error("--runs: at least one")
    names = [name for name in CONTENDERS if name in asked.contenders]
    if DUIXIAN in names and not asked.binary.is_file():
        parser.error(f"no binary at {asked.binary}: build it (cargo build --release) or say where it is with --binary")
    asked.binary = asked.binary.resolve()

    measured, alike = {}, True
    with tempfile.TemporaryDirectory(prefix="duixian-compare-") as folder:
        for part in asked.flavour:
            file = asked.folder / ("million.csv" if part == "csv" else f"{part}.parquet")
            if not file.is_file():
                parser.error(f"no {file}: run generate.py first")
            for count, (results, counts) in measure(asked, file, names, Path(folder)).items():
                where = f"{part}, N = {count}"
                measured[part, count] = results
                show(where, results)
                if counts:
                    alike &= equal(where, counts)
                if asked.json:
                    raw = [{"flavour": of, "n": n, "contenders": results} for (of, n), results in measured.items()]
                    asked.json.write_text(json.dumps({"cores": os.cpu_count(), "threads": THREADS, "parts": raw}, indent=1))
    if rows := table(measured):
        print_table(rows)
    sys.exit(0 if alike else 1)


if __name__ == "__main__":
    main()
