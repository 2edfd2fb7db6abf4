#!/usr/bin/env python3
"""Benchmarks of the running service: lookups from each cache and from the database, and tasks through the queue.

Everything that is compared is measured in turns, round after round, on one machine and one database, so that a
machine that slows down slows all of it. Figures are medians. Writes service.json and service.md (the tables of
docs/benchmarks.md) into the output folder. Needs wrk, pgbench and redis-server.

    service.py --build build --corpus DIR [--rounds 5] [--seconds 5] [--connections 32] [--output DIR]
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

# One address after the other at random; wrk seeds each of its threads alike, which does no harm with one.
SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""
HOT = 1000  # documents that lookups ask for


class Server:
    """`serve --role api` with settings of its own."""

    def __init__(self, bench, **settings):
        environment = dict(bench.environment, DATABASE_URL=bench.url, LOG_LEVEL="info", **settings)
        self.process = subprocess.Popen(
            [bench.program, "--data-dir", bench.data, "serve", "--role", "api", "--listen", "127.0.0.1:0"],
            env=environment, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if port := re.search(r" listening .* port=(\d+)", line):
                self.url = f"http://127.0.0.1:{port[1]}"
                return
        raise SystemExit("serve did not start")

    def metric(self, name):
        text = urllib.request.urlopen(self.url + "/metrics").read().decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = Path(options.build).resolve()
        self.program = self.build / "vuln-datasync"
        self.output = Path(options.output).resolve()
        self.data = self.output / "service-data"
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("VULN_DATASYNC_", "DB_", "PG", "DATABASE_", "REDIS_", "API_"))}

    def run(self, *words):
        command = [self.program, "--data-dir", self.data, "--quiet", *words]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=self.environment).stdout

    def psql(self, statement):
        return subprocess.run(["psql", "-qAtX", self.url, "-c", statement], check=True, stdout=subprocess.PIPE,
                              text=True, env=self.environment).stdout.split()

    def wrk(self, server, paths):
        """Requests per second, p50 and p99 in seconds."""
        script = self.output / f"{paths}.lua"
        out = subprocess.run(
            ["wrk", "-t1", f"-c{self.options.connections}", f"-d{self.options.seconds}s", "--latency", "-s", script,
             server.url], check=True, stdout=subprocess.PIPE, text=True).stdout
        if "Non-2xx" in out or "Socket errors" in out:
            raise SystemExit(out)
        unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
        latency = {percent: float(value) * unit[name] for percent, value, name in
                   re.findall(r"^ +(50|99)% +([\d.]+)(us|ms|s)$", out, re.MULTILINE)}
        return {"rate": float(re.search(r"Requests/sec: +([\d.]+)", out)[1]), "p50": latency["50"],
                "p99": latency["99"]}

    def pgbench(self, script):
        out = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(self.options.connections), "-j", "1", "-T",
             str(self.options.seconds), "-f", script, self.url], check=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=self.environment).stdout
        return {"rate": float(re.search(r"tps = ([\d.]+)", out)[1])}

    def write_scripts(self):
        """What is asked for: every so manieth document, the same ones of the service and of PostgreSQL."""
        step = max(1, int(self.psql("SELECT max(uid) FROM vulndb.vulnerabilities")[0]) // HOT)
        ids = self.psql(f"SELECT id FROM vulndb.vulnerabilities WHERE uid % {step} = 0")
        for name, paths in (("livez", ["/livez"]), ("lookup", [f"/v1/vulns/{one}" for one in ids])):
            listed = self.output / f"{name}.txt"
            listed.write_text("\n".join(paths) + "\n")
            (self.output / f"{name}.lua").write_text(SCRIPT % listed)
        key = self.output / "key.sql"
        key.write_text(f"\\set uid {step} * random(1, {HOT})\n"
                       "SELECT document FROM vulndb.vulnerabilities WHERE uid = :uid;\n")
        return key

    def measure(self, redis):
        key = self.write_scripts()
        cached = Server(self, API_CACHE_MIB="64")
        shared = Server(self, API_CACHE_MIB="0", API_CACHE_REDIS_URL=f"unix:{redis}")
        plain = Server(self, API_CACHE_MIB="0")
        steps = {"livez": lambda: self.wrk(cached, "livez"), "memory": lambda: self.wrk(cached, "lookup"),
                 "redis": lambda: self.wrk(shared, "lookup"), "database": lambda: self.wrk(plain, "lookup"),
                 "pgbench": lambda: self.pgbench(key)}
        runs = {name: [] for name in steps}
        try:
            for number in range(self.options.rounds + 1):
                for name, step in steps.items():
                    run = step()
                    if number > 0:  # the first round fills caches
                        runs[name].append(run)
            hits = {"memory": share(cached, "vulndatasync_cache_requests_total"),
                    "redis": share(shared, "vulndatasync_shared_cache_requests_total")}
        finally:
            for server in (cached, shared, plain):
                server.stop()
        result = {name: {figure: statistics.median(run[figure] for run in of) for figure in of[0]}
                  for name, of in runs.items()}
        return {**result, "hits": hits}

    def queue(self, redis):
        tool = self.build / "tools/benchmark/benchmark_queue"
        runs = [json.loads(subprocess.run([tool, redis], check=True, stdout=subprocess.PIPE).stdout)
                for _ in range(self.options.rounds)]
        return {figure: statistics.median(run[figure] for run in runs) for figure in runs[0]}

    def all(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.output.mkdir(parents=True, exist_ok=True)
        self.url = self.run("database", "start").split()[-1]
        socket = self.output / "redis.sock"
        redis = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir",
                                  self.output], stdout=subprocess.DEVNULL)
        try:
            self.run("sync", "--mirror", self.options.corpus)
            while not socket.exists():
                time.sleep(0.1)
            results = {"connections": self.options.connections, "queue": self.queue(socket),
                       "lookups": self.measure(socket)}
        finally:
            redis.terminate()
            redis.wait()
            self.run("database", "stop")
        (self.output / "service.json").write_text(json.dumps(results, indent=2) + "\n")
        (self.output / "service.md").write_text(table(results))


def share(server, name):
    return server.metric(name + '{result="hit"}') / server.metric(name)


def table(results):
    lookups, queue = results["lookups"], results["queue"]
    rate = {name: lookups[name]["rate"] for name in ("livez", "memory", "redis", "database", "pgbench")}
    spread = max(lookups[name]["p99"] / lookups[name]["p50"] for name in ("memory", "database"))
    lines = ["| | measured | target |", "|---|---|---|",
             f"| lookups from memory / `/livez` (at least) | {rate['memory'] / rate['livez']:.2f} | 0.5 |",
             f"| lookups from the database / select by key in `pgbench` (at least) "
             f"| {rate['database'] / rate['pgbench']:.2f} | 0.6 |",
             f"| lookups under load, p99 / p50, the worse of memory and database | {spread:.1f} | 10 |",
             f"| tasks that do nothing, a second, one worker process (at least) "
             f"| {queue['done_per_second']:,.0f} | 1,000 |",
             "", "| | requests a second | p50, p99 in ms |", "|---|---|---|"]
    for name, text in (("livez", "`/livez`"), ("memory", "lookup, from memory"),
                       ("redis", "lookup, from the shared cache in Redis"),
                       ("database", "lookup, from the database")):
        of = lookups[name]
        lines.append(f"| {text} | {of['rate']:,.0f} | {of['p50'] * 1e3:.2f}, {of['p99'] * 1e3:.2f} |")
    lines.append(f"| `pgbench`: select a document by key | {rate['pgbench']:,.0f} | |")
    lines.append(f"| tasks put into the queue | {queue['enqueued_per_second']:,.0f} | |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--corpus", required=True, help="a mirror")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--output", default="build/benchmark")
    bench = Bench(parser.parse_args())
    bench.all()
    print((bench.output / "service.md").read_text(), end="")


if __name__ == "__main__":
    sys.exit(main())
