#!/usr/bin/env python3
"""Sets the HTTP server beside Hummingbird 2.28.1 and nginx, which serve the same bytes.

Usage: Benchmarks/http/compare.py [FOLDER OF BINARIES] [ROUNDS]      .build/release and 3 by default

Needs wrk, taskset and, for its rows, nginx; builds the peer in Benchmarks/http/peer. Each server has one
core and wrk the other; the servers take turns in every round, so that all are measured in the same
minutes. Prints medians: requests a second, the latency that 99 % stay under, and Lehr's rate as a
multiple of Hummingbird's; then what an idle connection costs in resident memory.
"""
import http.client
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
JOB = {"name": "bench", "dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64]},
       "schedule": {"type": "cosine", "learning_rate": 0.1, "warmup": {"length": "5%"}}, "epochs": 10}
SECONDS = 3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(2_000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.005)
    sys.exit(f"nothing listens at port {port}")


class Server:
    """A process on the first core."""

    def __init__(self, name, command, port):
        self.name, self.port = name, port
        self.process = subprocess.Popen(["taskset", "-c", "0", *command],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(port)

    def fetch(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def load(self, path, connections, fields):
        """Requests a second and the 99th percentile in milliseconds."""
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
        for field in fields:
            command += ["-H", field]
        text = subprocess.run(command + [f"http://127.0.0.1:{self.port}{path}"],
                              capture_output=True, text=True, check=True).stdout
        # A timeout is an answer that took longer than wrk's two seconds; it stands in the percentile.
        assert not re.search(r"connect [1-9]|read [1-9]|write [1-9]", text), text
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", text).groups()
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
        return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1_000}[unit]

    def resident(self):
        """Bytes of memory; nginx's workers are not counted."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def start_nginx(folder, port, job, body):
    """nginx with the job as a file: the limit, since it looks nothing up."""
    os.makedirs(f"{folder}/www/v1/jobs")
    for path, content in (("livez", b"ok\n"), (f"v1/jobs/{job}", body)):
        with open(f"{folder}/www/{path}", "wb") as file:
            file.write(content)
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(f"""daemon off; worker_processes 1; pid {folder}/pid; error_log /dev/null;
            user {os.environ.get("USER") or "root"};
            worker_rlimit_nofile 20000; events {{ worker_connections 8192; }}
            http {{ access_log off; keepalive_requests 1000000000; open_file_cache max=100;
            default_type application/json; sendfile on; tcp_nopush on;
            server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}/www; }} }}""")
    return Server("nginx", ["nginx", "-c", f"{folder}/nginx.conf"], port)


def idle_cost(server, count=5_000):
    """The resident bytes that each of many connections costs that has had one answer."""
    server.load("/livez", 50, [])
    before = server.resident()
    sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]
    for each in sockets:
        each.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for each in sockets:
        assert each.recv(4_096).startswith(b"HTTP/1.1 200")
    cost = (server.resident() - before) / count
    for each in sockets:
        each.close()
    return cost


def main():
    binaries = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, 20_000), limit))
    peer = f"{HERE}/peer/.build/release/HummingbirdPeer"
    if not os.path.exists(peer):
        subprocess.run(["swift", "build", "-c", "release", "--package-path", f"{HERE}/peer"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        lehr = Server("lehr", [f"{binaries}/lehrd", "serve", "--listen", f"127.0.0.1:{port}", "--data",
                               f"{folder}/data", "--workers", "0"], port)
        servers = [lehr]
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("POST", "/v1/jobs", json.dumps(JOB), {"Content-Type": "application/json"})
            job = json.loads(connection.getresponse().read())["id"]
            connection.request("POST", "/v1/jobs", json.dumps(JOB), {"Content-Type": "application/json"})
            waiting = json.loads(connection.getresponse().read())["id"]
            # One job has ended, whose answer stays the same; the other waits.
            connection.request("POST", f"/v1/jobs/{job}/cancel")
            connection.getresponse().read()
            _, fields, body = lehr.fetch(f"/v1/jobs/{job}")
            with open(f"{folder}/body", "wb") as file:
                file.write(body)
            port = free_port()
            servers.append(Server("hummingbird", [peer, str(port), job, fields["ETag"], f"{folder}/body"],
                                  port))
            if shutil.which("nginx"):
                servers.append(start_nginx(folder, free_port(), job, body))
            measure(servers, rounds, job, waiting, len(body))
            for server in servers[:2]:
                print(f"{server.name}: {idle_cost(server):,.0f} bytes resident per idle connection of 5,000")
        finally:
            for server in servers:
                server.stop()


def measure(servers, rounds, job, waiting, size):
    """Measures each case; the peers, which know one body, serve the ended job's in place of the other."""
    cases = [(f"GET of an ended job, {size} bytes", job, 64, False), ("304 of it", job, 64, True),
             ("GET of a job that waits", waiting, 64, False), ("304 of it", waiting, 64, True),
             ("/livez", None, 64, False), ("GET of an ended job, 1,000 connections", job, 1_000, False),
             ("GET of a waiting one, 1,000", waiting, 1_000, False)]
    print(f"{'':40}" + "".join(f"{server.name:>24}" for server in servers) + f"{'ratio':>8}")
    for name, asked, connections, is_known in cases:
        figures = {server.name: [] for server in servers}
        for _ in range(rounds):
            for server in servers:
                own = asked if server.name == "lehr" else job
                path = f"/v1/jobs/{own}" if asked else "/livez"
                fields = [f"If-None-Match: {server.fetch(path)[1]['ETag']}"] if is_known else []
                figures[server.name].append(server.load(path, connections, fields))
        medians = {name: [statistics.median(values) for values in zip(*figures[name])] for name in figures}
        row = "".join(f"{medians[s.name][0]:>11,.0f}/s {medians[s.name][1]:>7.2f} ms" for s in servers)
        print(f"{name:40}{row}{medians['lehr'][0] / medians['hummingbird'][0]:>8.2f}", flush=True)


main()
