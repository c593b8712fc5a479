#!/usr/bin/env python3
"""Durable submissions at 64 connections, and a server with 100,000 finished jobs.

Usage: Benchmarks/service/crowd.py [FOLDER OF BINARIES]      .build/release by default

`wrk` submits to a server without workers for ten seconds, three times; beside it stands how long the same
disk takes for one fdatasync. Then a folder is filled up to 100,000 jobs, which are ended behind the server's
back (its triggers keep counts and labels true), and a server is started on it.
"""
import http.client
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measure import show  # noqa: E402

JOBS = 100_000
SCRIPT = """
local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
  n = n + 1
  return wrk.format(nil, "/v1/jobs", nil, '{"name": "job-' .. n % 100 .. '", "dataset": {"name": "spirals"}, '
    .. '"model": {"type": "softmax"}, "steps": 1, "labels": {"team": "' .. n % 50 .. '"}}')
end
function response(status) if status ~= 201 then wrk.thread:stop() end end
"""


def fdatasync_milliseconds(folder):
    """The time of a write of 4 KiB to the folder's disk that is waited for."""
    times = []
    with open(os.path.join(folder, "probe"), "wb") as file:
        for _ in range(200):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1e3)
    return times


def start(binaries, data):
    began = time.perf_counter()
    process = subprocess.Popen(
        [os.path.join(binaries, "lehrd"), "serve", "--listen", "127.0.0.1:0", "--data", data,
         "--workers", "0", "--queue-limit", "100000000"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while True:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        answer.read()
        if answer.status == 200:
            return process, port, connection, time.perf_counter() - began
        time.sleep(0.001)


def stop(process):
    process.terminate()
    process.wait(60)


def submit(port, script, seconds):
    text = subprocess.run(
        ["wrk", "-t2", "-c64", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}/v1/jobs"],
        capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text, text
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    with open("/proc/cpuinfo") as processors:
        print(next(line for line in processors if line.startswith("model name")).split(":")[1].strip(),
              f"× {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        script, data = os.path.join(folder, "submit.lua"), os.path.join(folder, "data")
        with open(script, "w") as file:
            file.write(SCRIPT)
        rates, syncs = [], []
        process, port, _, _ = start(binaries, data)
        for _ in range(3):
            syncs += fdatasync_milliseconds(folder)
            rates.append(submit(port, script, 10))
        show("durable POSTs at 64 connections, no workers", rates, "/s", "at least 5000")
        show("fdatasync of 4 KiB on that disk", syncs, "ms", "–")
        stop(process)
        database = os.path.join(data, "jobs.sqlite")

        def count():
            with sqlite3.connect(database) as connection:
                return connection.execute("SELECT count(*) FROM jobs").fetchone()[0]

        while count() < JOBS:
            process, port, _, _ = start(binaries, data)
            submit(port, script, 5)
            stop(process)
        connection = sqlite3.connect(database)
        with connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("DELETE FROM jobs WHERE rowid IN"
                               " (SELECT rowid FROM jobs ORDER BY created_at LIMIT -1 OFFSET ?)", (JOBS,))
            connection.execute("UPDATE jobs SET finished_at = created_at + 1000000, state ="
                               " CASE abs(random()) % 3 WHEN 0 THEN 'failed' ELSE 'succeeded' END")
        connection.close()
        ready = []
        for _ in range(5):
            process, port, connection, seconds = start(binaries, data)
            ready.append(seconds)
            if len(ready) < 5:
                stop(process)
        show(f"start to ready with {count():,} finished jobs", ready, "s", "under 2")
        for name, target in (("state and label", "state=failed&label.team=7"),
                             ("name", "name=job-42&state=succeeded"), ("state", "state=failed"),
                             ("nothing", "")):
            times = []
            for _ in range(100):
                began = time.perf_counter()
                connection.request("GET", f"/v1/jobs?limit=50&{target}")
                answer = connection.getresponse()
                body = answer.read()
                times.append((time.perf_counter() - began) * 1e3)
                assert answer.status == 200 and b'"id"' in body
            show(f"a page of 50, by {name}", times, "ms", "under 10")
        stop(process)


if __name__ == "__main__":
    main()
