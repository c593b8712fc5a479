#!/usr/bin/env python3
"""Measures a release server from outside: start, memory, the way of a job, training speed.

Usage: Benchmarks/service/measure.py [FOLDER OF BINARIES]      .build/release by default

Prints the processor and, for each figure, the median with the least and the greatest value. Python's
standard library only. The machine should be quiet: the figures are times.
"""
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time


class Server:
    """`lehrd serve` on a free port and a fresh folder."""

    def __init__(self, binaries, workers, arguments=()):
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(os.path.join(self.folder.name, "log"), "w")
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [os.path.join(binaries, "lehrd"), "serve", "--listen", "127.0.0.1:0",
             "--data", os.path.join(self.folder.name, "data"), "--workers", str(workers), *arguments],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        while self.call("GET", "/readyz")[0] != 200:
            time.sleep(0.001)
        self.ready_seconds = time.perf_counter() - began

    def call(self, method, path, body=None):
        """Sends a request and reads its JSON."""
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, json.loads(text) if is_json else text

    def submit(self, job):
        status, body = self.call("POST", "/v1/jobs", job)
        assert status == 201, body
        return body["id"]

    def wait(self, job, states, pause=0.0005):
        """The seconds until `job` is in one of `states`, and the job."""
        began = time.perf_counter()
        while True:
            body = self.call("GET", f"/v1/jobs/{job}")[1]
            if body["state"] in states:
                return time.perf_counter() - began, body
            time.sleep(pause)

    def resident_megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()
        self.folder.cleanup()


FINAL = ("succeeded", "failed", "cancelled")
LONG = {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64]},
        "schedule": {"learning_rate": 1e-3}, "steps": 1_000_000_000}
SHORT = {"dataset": {"name": "spirals", "validation": None}, "model": {"type": "softmax"},
         "steps": 1}
EPOCHS = {"dataset": {"name": "fashion-mnist"}, "model": {"type": "mlp", "hidden": [256, 128]},
          "optimizer": {"type": "sgd"}, "schedule": {"learning_rate": 0.05},
          "epochs": 10, "batch_size": 128}


def show(name, values, unit, target):
    print(f"{name:46} {statistics.median(values):9.2f} {unit:3} "
          f"({min(values):.2f} to {max(values):.2f}, n={len(values)}; target {target})")


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    with open("/proc/cpuinfo") as processors:
        print(next(line for line in processors if line.startswith("model name")).split(":")[1].strip(),
              f"× {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")

    ready, resident = [], []
    for _ in range(7):
        server = Server(binaries, 2)
        ready.append(server.ready_seconds)
        time.sleep(1)
        resident.append(server.resident_megabytes())
        server.stop()
    show("start to ready", ready, "s", "under 1")
    show("idle server's resident memory", resident, "MB", "under 60")

    server = Server(binaries, 1)
    running, cancelled = [], []
    for _ in range(25):
        began = time.perf_counter()
        job = server.submit(LONG)
        server.wait(job, ("running",))
        running.append((time.perf_counter() - began) * 1e3)
        time.sleep(0.3)
        began = time.perf_counter()
        server.call("POST", f"/v1/jobs/{job}/cancel")
        server.wait(job, FINAL)
        cancelled.append((time.perf_counter() - began) * 1e3)
    show("POST to running", running, "ms", "under 50")
    show("cancel to cancelled, the worker having stopped", cancelled, "ms", "under 500")
    whole = []
    for _ in range(50):
        began = time.perf_counter()
        server.wait(server.submit(SHORT), FINAL)
        whole.append((time.perf_counter() - began) * 1e3)
    show("POST to succeeded, a job of one step", whole, "ms", "–")
    seconds = [server.wait(server.submit(EPOCHS), FINAL, 0.05)[1]["summary"]["seconds"]
               for _ in range(5)]
    show("10 epochs of MLP 784-256-128-10, batch 128", seconds, "s", "under 4.5")
    server.stop()


if __name__ == "__main__":
    main()
