#!/usr/bin/env python3
"""What a Jupyter kernel takes for what `script/bench tools` asks of ours.

usage: jupyter_peer.py KERNELS CELLS
Prints one JSON object: times in milliseconds, memory in MB.
"""
import json
import subprocess
import sys
import time

import psutil
from jupyter_client import KernelManager


def started():
    """A kernel that is ready, its client, and how long that took."""
    start = time.monotonic()
    manager = KernelManager()
    # It warns on standard error that its traffic is open to everybody here.
    manager.start_kernel(stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return manager, client, (time.monotonic() - start) * 1000


def stop(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    """How long until a cell was over, and until it printed something."""
    start = time.monotonic()
    line = start
    request = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] in ("stream", "execute_result"):
            line = time.monotonic()
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    while client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != request:
        pass
    return (time.monotonic() - start) * 1000, (line - start) * 1000


def main():
    kernels, cells = map(int, sys.argv[1:3])
    ready = []
    for _ in range(kernels):
        manager, client, took = started()
        stop(manager, client)
        ready.append(took)
    manager, client, _ = started()
    run(client, "0")
    cell, line = [], []
    for number in range(cells):
        cell.append(run(client, "1")[0])
        line.append(run(client, f"print({number})")[1])
    process = psutil.Process(manager.provisioner.process.pid)
    everything = [process, *process.children(recursive=True)]
    memory = sum(one.memory_info().rss for one in everything) / 1e6
    stop(manager, client)
    print(json.dumps({"ready": ready, "cell": cell, "line": line, "memory": memory}))


main()
