#!/usr/bin/env python3
"""Whole-process benchmarks: what a sync costs, against a floor and against pg_restore.

Every comparison is taken in alternation, so that a machine that slows down slows both sides. Figures are
medians. Writes results.json and results.md (the tables of docs/benchmarks.md) into the output folder.

    benchmark.py --build build --corpus DIR [--before DIR] [--runs 5] [--output DIR]
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path


def timed(command, **options):
    """Runs a command; returns its wall and processor seconds and its standard output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "out": done.stdout}


def median(runs, key="wall"):
    return statistics.median(run[key] for run in runs)


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = Path(options.build).resolve()
        self.program = self.build / "vuln-datasync"
        self.output = Path(options.output).resolve()
        self.data = self.output / "data"
        self.results = {"machine": machine(), "runs": options.runs, "corpus": {}}
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("VULN_DATASYNC_", "DB_", "PG", "DATABASE_"))}

    def command(self, *words):
        return [str(self.program), "--data-dir", str(self.data), "--quiet", *map(str, words)]

    def run(self, *words):
        return timed(self.command(*words), env=self.environment)

    def sync(self, mirror, *words):
        report = self.output / "report.json"
        run = self.run("sync", "--mirror", mirror, "--report", report, *words)
        run["report"] = json.loads(report.read_text())
        return run

    def psql(self, url, *statements):
        words = [word for statement in statements for word in ("-c", statement)]
        return subprocess.run(["psql", "-qAtX", url, *words], check=True, stdout=subprocess.PIPE,
                              text=True, env=self.environment).stdout.strip()

    def empty_database(self):
        self.run("migrate", "reset", "--yes")
        # What an earlier run left to the server is not this run's to pay for.
        self.psql(self.url, "CHECKPOINT")

    def floor(self):
        """The dry run without a database against inflating and looking at every byte."""
        mirror = self.options.corpus
        floor = self.build / "tools/benchmark/benchmark_floor"
        nowhere = self.output / "no-database"
        runs = {"floor": [], "dry": [], "one": []}
        for _ in range(self.options.runs):
            runs["floor"].append(timed([floor, mirror, "2"]))
            for name, workers in (("dry", "2"), ("one", "1")):
                environment = dict(self.environment, OSV_WORKERS=workers, GITLAB_WORKERS=workers,
                                   CVE_WORKERS=workers)
                runs[name].append(timed([str(self.program), "--data-dir", str(nowhere), "--quiet", "sync",
                                         "--dry-run", "--mirror", mirror], env=environment))
        corpus = json.loads(runs["floor"][0]["out"])
        self.results["corpus"].update(records=corpus["records"], bytes=corpus["bytes"])
        self.results["floor_seconds"] = median(runs["floor"])
        self.results["dry_run_seconds"] = median(runs["dry"])
        self.results["dry_run_to_floor"] = median(runs["dry"]) / median(runs["floor"])
        self.results["dry_run_one_worker_to_two"] = median(runs["one"]) / median(runs["dry"])

    def cold(self):
        """Loads into an empty database, in alternation with pg_restore of what the first load made."""
        mirror = self.options.corpus
        dump = self.output / "loaded.dump"
        loads, restores = [], []
        for _ in range(self.options.runs):
            self.empty_database()
            loads.append(self.sync(mirror))
            if not dump.exists():
                subprocess.run(["pg_dump", "-Fc", "-f", dump, self.url], check=True, env=self.environment)
            restores.append(self.restore(dump))
        report = loads[-1]["report"]
        self.results["cold"] = {
            "seconds": median(loads), "cpu_of_program": median(loads, "cpu"),
            "restore_seconds": median(restores), "to_restore": median(loads) / median(restores),
            "peak_rss_bytes": max(run["report"]["peak_rss_bytes"] for run in loads),
            "records_per_second": self.results["corpus"]["records"] / median(loads),
            "stages": report["stages"], "vulnerabilities": report["vulnerabilities"]["total"]}
        size = int(self.psql(self.url, "SELECT pg_database_size(current_database())"))
        self.results["database"] = {"bytes": size, "to_source": size / self.results["corpus"]["bytes"]}

    def restore(self, dump):
        target = self.url.replace("vulndb", "restored", 1)
        self.psql(self.url, "DROP DATABASE IF EXISTS restored", "CREATE DATABASE restored", "CHECKPOINT")
        run = timed(["pg_restore", "-j2", "-d", target, str(dump)], env=self.environment)
        self.psql(self.url, "DROP DATABASE restored")
        return run

    def again(self):
        """The same state once more: unchanged, and read in full."""
        mirror = self.options.corpus
        runs = [self.sync(mirror) for _ in range(self.options.runs)]
        full = [self.sync(mirror, "--full") for _ in range(self.options.runs)]
        self.results["again"] = {"seconds": median(runs), "full_seconds": median(full),
                                 "full_to_cold": median(full) / self.results["cold"]["seconds"]}

    def delta(self):
        """From a freshly loaded earlier state to the corpus, and whether both ways end alike."""
        runs = []
        for _ in range(self.options.runs):
            self.empty_database()
            self.sync(self.options.before)
            self.psql(self.url, "CHECKPOINT")
            runs.append(self.sync(self.options.corpus))
        digest = self.run("digest")["out"]
        changed = sum(source[key] for source in runs[-1]["report"]["sources"].values()
                      for key in ("inserted", "updated", "deleted"))
        per_record = median(runs) / changed
        cold_per_record = self.results["cold"]["seconds"] / self.results["corpus"]["records"]
        self.empty_database()
        self.sync(self.options.corpus)
        self.results["delta"] = {
            "seconds": median(runs), "changed_records": changed, "per_record_to_cold": per_record / cold_per_record,
            "digest_equals_fresh_load": digest == self.run("digest")["out"],
            "peak_rss_bytes": max(run["report"]["peak_rss_bytes"] for run in runs)}

    def all(self):
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir(parents=True)
        self.floor()
        self.url = self.run("database", "start")["out"].split()[-1]
        try:
            self.cold()
            self.again()
            if self.options.before:
                self.delta()
        finally:
            self.run("database", "stop")
        (self.output / "results.json").write_text(json.dumps(self.results, indent=2) + "\n")
        (self.output / "results.md").write_text(table(self.results))


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "memory_gib": round(memory / 2**30),
            "kernel": platform.release(), "postgresql": subprocess.run(
                ["psql", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[2]}


def table(results):
    cold, again = results["cold"], results["again"]
    rows = [
        ("cold sync / `pg_restore -j2` of its result", cold["to_restore"], "1.0"),
        ("dry run without a database / floor", results["dry_run_to_floor"], "4"),
        ("dry run with 1 worker / with 2 (at least)", results["dry_run_one_worker_to_two"], "1.6"),
        ("again, nothing changed: seconds", again["seconds"], "0.2"),
        ("again with `--full`, nothing changed / cold", again["full_to_cold"], "0.15"),
        ("database / uncompressed source bytes", results["database"]["to_source"], "1.0"),
    ]
    if "delta" in results:
        rows.insert(5, ("delta, seconds per changed record / cold", results["delta"]["per_record_to_cold"], "1.5"))
    lines = ["| | measured | target |", "|---|---|---|"]
    lines += [f"| {name} | {value:.2f} | {target} |" for name, value, target in rows]
    lines += ["", "| | |", "|---|---|",
              f"| records, uncompressed bytes | {results['corpus']['records']:,}, {results['corpus']['bytes']:,} |",
              f"| cold: seconds, records per second | {cold['seconds']:.1f}, {cold['records_per_second']:,.0f} |",
              f"| cold: processor seconds of the program | {cold['cpu_of_program']:.1f} |",
              f"| `pg_restore -j2`: seconds | {cold['restore_seconds']:.1f} |",
              f"| cold: peak resident memory | {cold['peak_rss_bytes'] / 2**20:.0f} MiB |",
              f"| dry run, floor: seconds | {results['dry_run_seconds']:.2f}, {results['floor_seconds']:.2f} |",
              f"| database | {results['database']['bytes'] / 1e6:.0f} MB |"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--corpus", required=True, help="a mirror")
    parser.add_argument("--before", help="an earlier state of the same mirror, for the cost of a delta")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", default="build/benchmark")
    bench = Bench(parser.parse_args())
    bench.all()
    print((bench.output / "results.md").read_text(), end="")


if __name__ == "__main__":
    sys.exit(main())
