#!/usr/bin/env python3
"""Shows what a thousand subscribers to a job's events cost its training.

Usage: Benchmarks/http/subscribers.py [FOLDER OF BINARIES] [ROUNDS] [SUBSCRIBERS]      .build/release, 3 and 1,000

The worker has one core; the server and this script, which holds every stream open and reads it, have the other.
Rounds without and with subscribers take turns, each with a job of its own. Printed: the updates a second that the
jobs themselves report, with least and greatest; their ratio; the events that came, and how many were missed.
"""
import http.client
import json
import os
import re
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

JOB = {"name": "watched", "dataset": {"name": "fashion-mnist"}, "model": {"type": "mlp", "hidden": [256, 128]},
       "schedule": {"type": "constant", "learning_rate": 0.05}, "epochs": 6, "batch_size": 128}


class Server:
    """`lehrd serve` on the first core and one `lehrd work` on the second."""

    def __init__(self, binaries, folder):
        self.processes = [subprocess.Popen(
            ["taskset", "-c", "0", f"{binaries}/lehrd", "serve", "--listen", "127.0.0.1:0", "--workers", "0",
             "--data", f"{folder}/data"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)]
        self.port = int(self.processes[0].stdout.readline().rsplit(":", 1)[1])
        self.processes.append(subprocess.Popen(
            ["taskset", "-c", "1", f"{binaries}/lehrd", "work", "--server", f"http://127.0.0.1:{self.port}",
             "--cache", f"{folder}/cache"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


class Subscribers(threading.Thread):
    """Streams of one job's events, read as they come."""

    def __init__(self, port, job, count):
        super().__init__()
        self.selector = selectors.DefaultSelector()
        self.received = {}
        request = f"GET /v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
        for _ in range(count):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(request.encode())
            stream.setblocking(False)
            self.selector.register(stream, selectors.EVENT_READ)
            self.received[stream] = b""

    def run(self):
        left = len(self.received)
        while left:
            for key, _ in self.selector.select(1):
                data = key.fileobj.recv(1 << 16)
                self.received[key.fileobj] += data
                if not data or b"event: end" in self.received[key.fileobj]:
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()
                    left -= 1

    def events(self):
        """The events of each stream, and how many numbers are missing in all of them together."""
        numbers = [[int(n) for n in re.findall(rb"^id: (\d+)", text, re.M)] for text in self.received.values()]
        missed = sum(last - len(set(seen)) for seen in numbers if seen for last in [max(seen)])
        return [len(seen) for seen in numbers], missed


def measure(server, count):
    """The updates a second of a job with so many subscribers."""
    job = server.ask("POST", "/v1/jobs", JOB)["id"]
    subscribers = Subscribers(server.port, job, count) if count else None
    if subscribers:
        subscribers.start()
    while True:
        body = server.ask("GET", f"/v1/jobs/{job}")
        if body["state"] in ("succeeded", "failed", "cancelled"):
            break
        time.sleep(0.5)
    assert body["state"] == "succeeded", body
    if subscribers:
        subscribers.join()
    return body["summary"]["steps_per_second"], subscribers


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, 20_000), limit))
    os.sched_setaffinity(0, {0})
    alone, watched, missed, events = [], [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binaries, folder)
        try:
            measure(server, 0)  # Decodes the dataset and warms the worker.
            for _ in range(rounds):
                alone.append(measure(server, 0)[0])
                rate, subscribers = measure(server, count)
                watched.append(rate)
                seen, lost = subscribers.events()
                events += seen
                missed += lost
        finally:
            server.stop()
    for name, rates in (("nobody", alone), (f"{count:,} subscribers", watched)):
        print(f"{name:20} {statistics.median(rates):8,.0f} updates/s  ({min(rates):,.0f}-{max(rates):,.0f})")
    ratios = sorted(b / a for a, b in zip(alone, watched))
    print(f"ratio {statistics.median(ratios):.3f} ({ratios[0]:.3f}-{ratios[-1]:.3f}); "
          f"{statistics.median(events):,.0f} events a stream, {missed} missed")


main()
