#!/usr/bin/env python3
"""How soon a job runs again whose worker has died: a local child, and one that is not the server's.

Usage: Benchmarks/service/recovery.py [FOLDER OF BINARIES] [ROUNDS]      .build/release by default, 10

Each round kills the worker of a running job with SIGKILL while another worker is idle, and takes the time
until the job's next run has begun, by the instants of the job's own event log where the server itself tells
of the death, and by this process's clock where only the end of the lease does.
"""
import os
import signal
import subprocess
import sys
import time
from datetime import datetime

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measure import LONG, Server, show  # noqa: E402

TERM = 3
JOB = dict(LONG, checkpoint={"every": {"seconds": 0.2}})


def children(process):
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    if int(stat.read().rsplit(")", 1)[1].split()[1]) == process:
                        with open(f"/proc/{entry}/cmdline") as line:
                            words = line.read().split("\0")
                            yield words[words.index("--name") + 1], int(entry)
            except (OSError, ValueError):
                pass


def grants(server, job):
    """The instants at which the job was granted."""
    after, found = 0, []
    while True:
        page = server.call("GET", f"/v1/jobs/{job}/events?after={after}&wait_seconds=0")[1]
        items = [item for item in page["items"] if item["id"]]
        if not items:
            return found
        after = items[-1]["id"]
        found += [datetime.fromisoformat(item["data"]["at"].replace("Z", "+00:00")).timestamp()
                  for item in items if item["data"].get("cause") == "granted"]


def wait_for_grant(server, job, number):
    while True:
        found = grants(server, job)
        if len(found) >= number:
            return found[number - 1]
        time.sleep(0.005)


def holder(server, job):
    while True:
        for worker in server.call("GET", "/v1/workers")[1]["items"]:
            if worker.get("job_id") == job:
                return worker["name"]
        time.sleep(0.005)


def checkpointed(server, job, past):
    """Waits for a checkpoint that is newer than `past`, so that no death counts twice."""
    while True:
        items = server.call("GET", f"/v1/jobs/{job}/checkpoints")[1]["items"]
        if items and items[-1]["step"] > past:
            return items[-1]["step"]
        time.sleep(0.01)


def local(binaries, rounds):
    server, times, step = Server(binaries, 2), [], 0
    job = server.submit(JOB)
    for number in range(1, rounds + 1):
        wait_for_grant(server, job, number)
        step = checkpointed(server, job, step)
        # The place of the worker that died last is taken again: the other one is idle.
        while len(idle := [w for w in server.call("GET", "/v1/workers")[1]["items"]
                           if w["state"] == "idle"]) < 1:
            time.sleep(0.01)
        worker = dict(children(server.process.pid))[holder(server, job)]
        killed = time.time()
        os.kill(worker, signal.SIGKILL)
        times.append((wait_for_grant(server, job, number + 1) - killed) * 1e3)
    server.stop()
    return times


def remote(binaries, rounds):
    server, times, step = Server(binaries, 0, ["--lease-term", f"{TERM}s"]), [], 0
    workers, number = {}, 0

    def start(name):
        workers[name] = subprocess.Popen(
            [os.path.join(binaries, "lehrd"), "work", "--server", f"http://127.0.0.1:{server.port}",
             "--name", name, "--cache", server.folder.name], stderr=subprocess.DEVNULL)

    job = server.submit(JOB)
    start("worker-0")
    for number in range(1, rounds + 1):
        wait_for_grant(server, job, number)
        start(f"worker-{number}")
        step = checkpointed(server, job, step)
        while not any(w["state"] == "idle" for w in server.call("GET", "/v1/workers")[1]["items"]):
            time.sleep(0.01)
        killed = time.time()
        workers.pop(holder(server, job)).kill()
        times.append(wait_for_grant(server, job, number + 1) - killed)
    for worker in workers.values():
        worker.kill()
    server.stop()
    return times


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    show("death of a local worker to its job's next run", local(binaries, rounds), "ms", "under 200")
    show(f"the same of a remote one, lease of {TERM} s", remote(binaries, rounds), "s", f"under {TERM + 2}")


if __name__ == "__main__":
    main()
