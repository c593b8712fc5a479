#!/usr/bin/env python3
"""Jobs that do nothing, from submission to done: Lehr against Celery 5 with Redis and Flask, and Ray Jobs.

Usage: Benchmarks/service/throughput.py [FOLDER OF BINARIES] [--peers FOLDER] [--jobs N] [--rounds N] [--ray]
BENCHMARK_WORKERS says how many workers each side has; as many as there are cores by default.

A job is softmax on the spirals for one step without validation; the peers' jobs do nothing at all. All are
submitted over HTTP by the same client, 16 requests at a time, and counted as done when the service says so.
The rounds alternate, so that both sides meet the same minutes. `--peers` is a virtual environment with
`celery[redis]`, `flask`, `gunicorn` and, for `--ray`, `ray[default]`; `redis-server` must be on the path.

Durability. Lehr answers 201 when the job is on the disk, and ends a job when its result is; one fsync serves
all that wait. Redis is measured twice: with appendfsync always, which promises as much, and without a file,
which promises nothing. Celery acknowledges early by default: a worker that dies loses its tasks.
"""
import argparse
import http.client
import json
import os
import queue
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measure import Server  # noqa: E402

JOB = {"dataset": {"name": "spirals", "validation": None}, "model": {"type": "softmax"}, "steps": 1}
CLIENTS = 16
WORKERS = int(os.environ.get("BENCHMARK_WORKERS", os.cpu_count()))
PAUSE = 0.02


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)


def submit_all(port, path, count):
    """Submits `count` jobs over CLIENTS connections; returns their ids."""
    todo = queue.SimpleQueue()
    for _ in range(count):
        todo.put(None)
    ids, body = [], json.dumps(JOB)

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            try:
                todo.get_nowait()
            except queue.Empty:
                return
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status in (200, 201), text
            ids.append(json.loads(text).get("id"))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == count
    return ids


def lehr(binaries, count):
    server = Server(binaries, WORKERS)
    try:
        # The pool is warm when every worker has done a job.
        server.wait(submit_all(server.port, "/v1/jobs", 4 * WORKERS)[-1], ("succeeded",))
        time.sleep(0.5)
        began = time.perf_counter()
        submit_all(server.port, "/v1/jobs", count)
        submitted = time.perf_counter() - began
        while server.call("GET", "/metrics")[1].decode().split(
                'lehr_jobs{state="succeeded"} ')[1].split("\n")[0] != f"{count + 4 * WORKERS}":
            time.sleep(PAUSE)
        return count / (time.perf_counter() - began), count / submitted
    finally:
        server.stop()


def celery(peers, count, is_durable):
    folder = tempfile.mkdtemp()
    redis_port, flask_port = free_port(), free_port()
    environment = dict(os.environ, PEER_REDIS=f"redis://127.0.0.1:{redis_port}/0",
                       PYTHONPATH=os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"),
                       PATH=f"{peers}/bin:{os.environ['PATH']}")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    file = ["--appendonly", "yes", "--appendfsync", "always"] if is_durable else ["--appendonly", "no"]
    processes = [subprocess.Popen(["redis-server", "--port", str(redis_port), "--dir", folder,
                                   "--save", "", *file], **quiet)]
    try:
        wait_for_port(redis_port)
        processes.append(subprocess.Popen(
            ["celery", "-A", "celery_app.queue", "worker", "-c", str(WORKERS), "--without-gossip",
             "--without-mingle", "--without-heartbeat"], **quiet))
        processes.append(subprocess.Popen(
            ["gunicorn", "-w", str(WORKERS), "-k", "gthread", "--threads", str(CLIENTS),
             "-b", f"127.0.0.1:{flask_port}", "celery_app:app"], **quiet))
        wait_for_port(flask_port)

        results = socket.create_connection(("127.0.0.1", redis_port))

        def done():
            # What the results' backend has, asked as cheaply as can be.
            results.sendall(b"DBSIZE\r\n")
            return int(results.recv(64)[1:])

        warm = len(submit_all(flask_port, "/jobs", 8 * WORKERS))
        while done() < warm:
            time.sleep(0.05)
        time.sleep(0.5)
        before = done()
        began = time.perf_counter()
        submit_all(flask_port, "/jobs", count)
        submitted = time.perf_counter() - began
        while done() < before + count:
            time.sleep(PAUSE)
        return count / (time.perf_counter() - began), count / submitted
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def ray(peers, count):
    folder = tempfile.mkdtemp()
    port = free_port()
    environment = dict(os.environ, PATH=f"{peers}/bin:{os.environ['PATH']}",
                       RAY_USAGE_STATS_ENABLED="0")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    subprocess.run(["ray", "start", "--head", "--dashboard-host", "127.0.0.1", "--dashboard-port",
                    str(port), "--port", str(free_port()), "--temp-dir", folder], check=True, **quiet)
    try:
        wait_for_port(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

        def call(method, path, body=None):
            connection.request(method, path, body and json.dumps(body),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")

        began = time.perf_counter()
        ids = []
        while len(ids) < count:
            status, body = call("POST", "/api/jobs/", {"entrypoint": "true"})
            assert status == 200, body
            ids.append(body["submission_id"])
        for job in ids:
            while call("GET", f"/api/jobs/{job}")[1]["status"] not in ("SUCCEEDED", "FAILED"):
                time.sleep(0.05)
        return count / (time.perf_counter() - began)
    finally:
        subprocess.run(["ray", "stop", "--force"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def show(name, values):
    print(f"{name:54} {statistics.median(values):8.1f} jobs/s ({min(values):.1f} to {max(values):.1f})",
          flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", nargs="?", default=".build/release")
    parser.add_argument("--peers", required=True)
    parser.add_argument("--jobs", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ray", action="store_true")
    options = parser.parse_args()
    with open("/proc/cpuinfo") as processors:
        print(next(line for line in processors if line.startswith("model name")).split(":")[1].strip(),
              f"× {os.cpu_count()}, load {os.getloadavg()[0]:.1f}, {WORKERS} workers each")
    figures = {"lehr": [], "lehr, submission alone": [], "durable": [], "durable, submission alone": [],
               "none": [], "none, submission alone": []}
    for _ in range(options.rounds):
        whole, submitted = lehr(options.binaries, options.jobs)
        figures["lehr"].append(whole)
        figures["lehr, submission alone"].append(submitted)
        for name, is_durable in (("durable", True), ("none", False)):
            whole, submitted = celery(options.peers, options.jobs, is_durable)
            figures[name].append(whole)
            figures[f"{name}, submission alone"].append(submitted)
    show("Lehr, durable", figures["lehr"])
    show("Celery, Redis with appendfsync always", figures["durable"])
    show("Celery, Redis without a file", figures["none"])
    for name in ("lehr", "durable", "none"):
        show(f"  {name}: submissions answered", figures[f"{name}, submission alone"])
    own = statistics.median(figures["lehr"])
    for name in ("durable", "none"):
        ratios = [a / b for a, b in zip(figures["lehr"], figures[name])]
        print(f"Lehr to Celery, {name}: {own / statistics.median(figures[name]):.2f}"
              f" ({min(ratios):.2f} to {max(ratios):.2f} round by round)")
    if options.ray:
        rates = [ray(options.peers, 20)]
        show("Ray Jobs, `true`", rates)
        print(f"Lehr to Ray Jobs: {own / statistics.median(rates):.0f}")


if __name__ == "__main__":
    main()
