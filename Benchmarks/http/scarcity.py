#!/usr/bin/env python3
"""Takes descriptors, disk and clients away from a release server, and shows that it goes on and says so once.

Usage: Benchmarks/http/scarcity.py [FOLDER OF BINARIES]      .build/release by default; the disk needs root

Each part starts a server of its own. While something is missing, a client that came before asks for a stored job
every 10 ms; every one of its requests must be answered. Printed: how many were, what the server refused, what it
did once all was there again, and how many lines it wrote to its log.
"""
import contextlib
import http.client
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

JOB = {"dataset": {"name": "spirals"}, "model": {"type": "mlp"}, "epochs": 10,
       "schedule": {"type": "cosine", "learning_rate": 0.1}}
BODY = json.dumps(JOB).encode()
HEAD = b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Server:
    """`lehrd serve` without workers; `before` stands before it on its command line."""

    def __init__(self, binaries, folder, before=(), arguments=()):
        self.log = open(f"{folder}/log", "w+")
        self.process = subprocess.Popen(
            [*before, f"{binaries}/lehrd", "serve", "--listen", "127.0.0.1:0", "--workers", "0", "--data",
             f"{folder}/data", *arguments], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def ask(self, method="GET", path="/livez", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def lines(self):
        self.log.flush()
        with open(self.log.name) as file:
            return file.read().splitlines()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0


class Poll(threading.Thread):
    """A client that was there before, on a connection that it keeps."""

    def __init__(self, port, path):
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.path, self.asked, self.answered, self.slowest, self.stopping = path, 0, 0, 0, False
        self.ask()

    def ask(self):
        began = time.perf_counter()
        self.asked += 1
        self.connection.request("GET", self.path)
        answer = self.connection.getresponse()
        answer.read()
        self.answered += answer.status == 200
        self.slowest = max(self.slowest, time.perf_counter() - began)

    def run(self):
        while not self.stopping:
            self.ask()
            time.sleep(0.01)

    def end(self):
        self.stopping = True
        self.join()
        return f"{self.answered} of {self.asked} answered, the slowest in {self.slowest * 1e3:.0f} ms"


@contextlib.contextmanager
def polled(server):
    job = json.loads(server.ask("POST", "/v1/jobs", BODY)[1])["id"]
    poll = Poll(server.port, f"/v1/jobs/{job}")
    poll.start()
    yield
    print(f"  the client that was there before: {poll.end()}")


def report(server, known=0):
    lines = server.lines()[known:]
    print(f"  {len(lines)} lines in the log" + "".join(f"\n    {line[:150]}" for line in lines[:6]))


def descriptors(binaries, folder):
    print("descriptors: 96 for the process, 300 clients that stay")
    server = Server(binaries, folder, before=["prlimit", "--nofile=96:96"])
    with polled(server):
        clients = []
        for _ in range(300):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", server.port))
            clients.append(client)
        time.sleep(5)
        for client in clients:
            client.close()
        time.sleep(1)
    print(f"  after it: {server.ask()[0]} for a new client")
    report(server)
    server.stop()


def disk(binaries, folder):
    print("disk: 48 MiB, filled up to the last byte")
    os.mkdir(f"{folder}/data")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "none", f"{folder}/data"], check=True)
    try:
        # Below the low-water mark no job is taken at all; here the disk itself is to say no.
        server = Server(binaries, folder, arguments=["--minimum-free-disk", "0"])
        with polled(server):
            with open(f"{folder}/data/ballast", "wb") as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(1 << 16))
                    file.flush()
            statuses = {}
            for _ in range(400):
                status, body = server.ask("POST", "/v1/jobs", BODY)
                statuses[status] = statuses.get(status, 0) + 1
            print(f"  400 submissions: {statuses}; the last answer: {json.loads(body).get('detail', '')[:110]}")
            os.remove(f"{folder}/data/ballast")
            accepted = server.ask("POST", "/v1/jobs", BODY)[0]
        print(f"  with room again: {accepted}")
        report(server)
        server.stop()
    finally:
        subprocess.run(["umount", f"{folder}/data"], check=True)


def vanishing(binaries, folder):
    print("clients: 500 that vanish (reset) in each phase")
    server = Server(binaries, folder)
    with polled(server):
        job = json.loads(server.ask("POST", "/v1/jobs", BODY)[1])["id"]
        whole = HEAD % len(BODY) + BODY
        phases = {"connected": b"", "in the head": whole[:40], "in the body": whole[:-40], "before the answer": whole,
                  "in a stream": f"GET /v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
                  "in a long poll": f"GET /v1/jobs/{job}/events?after=9&wait_seconds=30 HTTP/1.1\r\n"
                                    "Host: localhost\r\n\r\n".encode()}
        for name, data in phases.items():
            for _ in range(500):
                client = socket.create_connection(("127.0.0.1", server.port))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.sendall(data)
                if name == "in a stream":
                    client.recv(64)
                client.close()
        time.sleep(1)
    text = server.ask(path="/metrics")[1].decode()
    print("  left open: " + next(line for line in text.splitlines() if line.startswith("lehr_http_connections")
                                 and not line.startswith("lehr_http_connections_")))
    report(server)
    server.stop()


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    for part in (descriptors, disk, vanishing):
        with tempfile.TemporaryDirectory() as folder:
            part(os.path.abspath(binaries), folder)


main()
