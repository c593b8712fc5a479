"""The peer: jobs that do nothing, taken by Flask, queued in Redis, run by Celery's prefork pool.

`POST /jobs` queues a job and answers 201 with its id, `GET /jobs/ID` says its state: the least that a
service of jobs does. Redis' address is in PEER_REDIS.
"""
import os

from celery import Celery
from flask import Flask, jsonify, request

url = os.environ["PEER_REDIS"]
queue = Celery("peer", broker=url, backend=url)
queue.conf.update(
    worker_prefetch_multiplier=int(os.environ.get("PEER_PREFETCH", "4")),
    task_acks_late=os.environ.get("PEER_ACKS_LATE") == "1",
    worker_hijack_root_logger=False,
)
app = Flask("peer")


@queue.task
def work(specification):
    return {"steps": specification.get("steps", 0)}


@app.post("/jobs")
def submit():
    result = work.delay(request.get_json())
    return jsonify(id=result.id, state="queued"), 201


@app.get("/jobs/<job>")
def read(job):
    result = queue.AsyncResult(job)
    return jsonify(id=job, state=result.state.lower())
