#!/usr/bin/env python3
"""Lays slow clients and a day's requests on a release server, and shows how the others fare.

Usage: Benchmarks/http/fire.py [FOLDER OF BINARIES]      .build/release by default; needs slowhttptest, wrk

Slow heads, slow bodies and slow readers, 1,000 of each kind, for 25 seconds a kind; meanwhile one client
asks for a stored job every 5 ms. Printed: its median and 99th percentile, and what slowhttptest says
of the slow connections. Then resident memory over two million requests: more than ten dashboards
send in eight hours that ask for five things a second each.
"""
import http.client
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

JOB = {"dataset": {"name": "spirals"}, "model": {"type": "mlp"}, "epochs": 10,
       "schedule": {"type": "cosine", "learning_rate": 0.1}}
KINDS = {"slow heads": ["-H", "-i", "2"], "slow bodies": ["-B", "-i", "2", "-s", "100000"],
         "slow readers": ["-X", "-r", "1000", "-w", "256", "-y", "512", "-n", "5", "-z", "16"]}
SECONDS = 25


class Server:
    """`lehrd serve` without workers, on a fresh folder."""

    def __init__(self, binaries, folder):
        self.log = open(f"{folder}/log", "w+")
        self.process = subprocess.Popen(
            [f"{binaries}/lehrd", "serve", "--listen", "127.0.0.1:0", "--workers", "0", "--data",
             f"{folder}/data"], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def resident(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 1e6

    def log_lines(self):
        self.log.flush()
        with open(self.log.name) as file:
            return len(file.readlines())


def poll(server, path, stop, times):
    """Asks again and again, on a connection that is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    while not stop.is_set():
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append(time.perf_counter() - began)
        time.sleep(0.005)


def under_fire(server, job, kind):
    target = {"slow heads": f"/v1/jobs/{job}", "slow bodies": "/v1/jobs", "slow readers": "/openapi.yaml"}
    command = ["slowhttptest", "-c", "1000", "-r", "500", "-l", str(SECONDS), "-p", "3", "-u",
               server.url + target[kind]] + KINDS[kind]
    if kind == "slow bodies":
        command += ["-t", "POST", "-f", "application/json"]
    times, stop = [], threading.Event()
    poller = threading.Thread(target=poll, args=(server, f"/v1/jobs/{job}", stop, times))
    poller.start()
    text = subprocess.run(command, capture_output=True, text=True).stdout
    stop.set()
    poller.join()
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    end = re.search(r"Test ended on (\d+)\w+ second\s+Exit status:\s+(.+)", text)
    times.sort()
    print(f"{kind:14}{len(times):>6} requests beside: median {1e3 * statistics.median(times):.1f} ms, "
          f"99 % under {1e3 * times[len(times) * 99 // 100]:.1f} ms, worst {1e3 * times[-1]:.1f} ms; "
          f"the slow ones after {end.group(1)} s: {end.group(2).strip()}", flush=True)


def soak(server, path, rounds=10, seconds=5):
    total, figures = 0, [server.resident()]
    for _ in range(rounds):
        text = subprocess.run(["wrk", "-t1", "-c32", f"-d{seconds}s", server.url + path],
                              capture_output=True, text=True, check=True).stdout
        total += int(re.search(r"(\d+) requests in", text).group(1))
        figures.append(server.resident())
        if total >= 2_000_000:
            break
    print(f"resident memory over {total:,} requests: " + ", ".join(f"{each:.1f}" for each in figures) + " MB")


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binaries, folder)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("POST", "/v1/jobs", json.dumps(JOB), {"Content-Type": "application/json"})
            job = json.loads(connection.getresponse().read())["id"]
            for kind in KINDS:
                under_fire(server, job, kind)
            soak(server, f"/v1/jobs/{job}")
            print(f"lines in the server's log: {server.log_lines()}")
        finally:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait()


main()
