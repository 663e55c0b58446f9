"""Runs openai-python's own tests of the served API resources, as they are in its source package.

openai_suite.py seeds FOLDER    writes what the tests take for granted, for `switchboard import`
openai_suite.py run SUITE       SUITE is the unpacked source package; prints a JSON line for each
                                test: {"test": …, "failure": null or text}

The server's address and key come from the environment, as the SDKs take them.

The tests were made for a server that forgets. They delete one thread time and again, and start run
after run of another: so there are copies of all objects, and each request of that kind gets one of
its own, by its id in the path, where the request leaves the SDK. So does a request that names what
no import can make, because it is under way: a run that waits for its tools, a batch of files. These
are made through the API.
"""
import collections
import itertools
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

RESOURCES = [
    "beta/test_assistants.py", "beta/test_threads.py", "beta/threads",
    # Until 1.66 vector stores were below `beta`.
    "beta/test_vector_stores.py", "beta/vector_stores", "test_vector_stores.py", "vector_stores",
    "test_files.py", "test_models.py", "test_embeddings.py", "chat",
]
THREADS = ["thread_id", "string"]
ASSISTANTS = ["assistant_id", "string"]
FILES = ["file_id", "file-abc123", "string"]
STORES = {"vector_store_id": "file_id", "vs_abc123": "file-abc123", "string": "string"}
# How many requests of a kind get a copy of their own, and some more.
COPIES = {"assistants": 20, "files": 60, "vector_stores": 60, "threads": 160}
# Long enough that a batch with it is still under way when it is cancelled.
LONG = "file-long"


def assistant(name):
    function = {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}
    return {
        "id": name, "object": "assistant", "created_at": 1, "model": "gpt-4o", "temperature": 0,
        "instructions": "Be brief.", "tools": [{"type": "function", "function": function}],
    }


def file(name):
    return {
        "id": name, "object": "file", "created_at": 1, "filename": name + ".txt", "bytes": 1,
        "purpose": "assistants", "status": "processed",
    }


def vector_store(name, copy):
    yield {"id": name + copy, "object": "vector_store", "created_at": 1, "name": name}
    yield {
        "id": STORES[name] + copy, "object": "vector_store.file", "created_at": 1,
        "vector_store_id": name + copy, "status": "completed",
    }


def thread(name, copy):
    """A thread with a message and a run that is over."""
    yield {"id": name + copy, "object": "thread", "created_at": 1}
    own = "string" if name == "string" else ""
    owned = {
        "created_at": 2, "thread_id": name + copy, "assistant_id": "assistant_id",
        "status": "completed", "completed_at": 3,
    }
    text = {"type": "text", "text": {"value": "hi", "annotations": []}}
    message, run, step = [(own or kind) + copy for kind in ["message_id", "run_id", "step_id"]]
    yield {
        **owned, "id": message, "object": "thread.message", "role": "user", "content": [text],
    }
    if copy:
        return
    yield {
        **owned, "id": run, "object": "thread.run", "model": "gpt-4o", "instructions": "Be brief.",
    }
    yield {
        **owned, "id": step, "object": "thread.run.step", "run_id": run,
        "type": "message_creation",
        "step_details": {
            "type": "message_creation", "message_creation": {"message_id": message},
        },
    }


def objects():
    """What the tests name, and its copies, as the hosted API gave it."""

    def copies(kind):
        return [""] + [f"_{number}" for number in range(COPIES[kind])]

    # No test changes this one.
    yield assistant("asst_weather")
    yield from (assistant(name + copy) for copy in copies("assistants") for name in ASSISTANTS)
    yield from (file(name + copy) for copy in copies("files") for name in FILES)
    yield file(LONG)
    for copy, name in itertools.product(copies("vector_stores"), STORES):
        yield from vector_store(name, copy)
    for copy, name in itertools.product(copies("threads"), THREADS):
        yield from thread(name, copy)


def write_seeds(folder):
    (folder / "files").mkdir(parents=True)
    (folder / "objects.json").write_text(json.dumps(list(objects())))
    for item in objects():
        if item["object"] == "file":
            lines = 50_000 if item["id"] == LONG else 1
            path = folder / "files" / item["filename"]
            path.write_text("Shoes can be returned within thirty days.\n" * lines)


def ask(method, path, body=None):
    """A request of ours, beside those of the tests."""
    request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + path, method=method)
    request.add_header("Authorization", "Bearer " + os.environ["OPENAI_API_KEY"])
    request.add_header("OpenAI-Beta", "assistants=v2")
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.read().decode()}") from None


def waiting_run(thread):
    """A run that waits for its tool: the scripted model asks for it when it hears of weather."""
    weather = [{"role": "user", "content": "weather"}]
    body = {"assistant_id": "asst_weather", "additional_messages": weather}
    run = ask("POST", f"/threads/{thread}/runs", body)
    while run["status"] != "requires_action":
        assert run["status"] in ["queued", "in_progress"], run
        time.sleep(0.01)
        run = ask("GET", f"/threads/{thread}/runs/{run['id']}")
    return run


NAMES = {*THREADS, *ASSISTANTS, *FILES, *STORES, "message_id"}
counts = collections.Counter()


def put_in_place(options):
    """Gives a request that uses up its object one of its own."""
    parts = options.url.removeprefix("/").split("/")
    method, last = options.method.upper(), parts[-1]
    starts = method == "POST" and last == "runs" and len(parts) == 3
    if method == "DELETE" or starts or last in ["cancel", "submit_tool_outputs"]:
        copy = f"_{counts[parts[0]]}"
        counts[parts[0]] += 1
        parts = [part + copy if part in NAMES else part for part in parts]
    if parts[2:3] == ["runs"] and len(parts) == 5 and method == "POST":
        run = waiting_run(parts[1])
        parts[3] = run["id"]
        for output in (options.json_data or {}).get("tool_outputs", []):
            if "tool_call_id" in output:
                calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
                output["tool_call_id"] = calls[0]["id"]
    if parts[2:3] == ["file_batches"] and len(parts) > 3:
        files = {"file_ids": [LONG] if last == "cancel" else FILES}
        made = ask("POST", "/" + "/".join(parts[:3]), files)
        parts[3] = made["id"]
    options.url = "/" + "/".join(parts)


class Plugin:
    """Has pytest use our key and our objects, and notes how each test went."""

    def __init__(self):
        self.failures = {}

    def pytest_sessionstart(self, session):
        from openai._base_client import BaseClient

        build = BaseClient._build_request

        def build_request(client, options, **rest):
            if rest.get("retries_taken", 0) == 0:
                put_in_place(options)
            return build(client, options, **rest)

        BaseClient._build_request = build_request

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        # Lists come first, while they show what was imported and no more.
        items.sort(key=lambda item: "_list" not in item.name)

    def pytest_collection_finish(self, session):
        # The key that the tests send is written into this file of theirs.
        sys.modules["tests.conftest"].api_key = os.environ["OPENAI_API_KEY"]

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.removeprefix("tests/api_resources/")
        self.failures.setdefault(name, None)
        if report.outcome == "skipped":
            del self.failures[name]
        elif report.failed:
            self.failures[name] = report.longreprtext


def run(suite):
    os.chdir(suite)
    os.environ["TEST_API_BASE_URL"] = os.environ["OPENAI_BASE_URL"]
    paths = [Path("tests/api_resources") / name for name in RESOURCES]
    output, sys.stdout = sys.stdout, sys.stderr
    plugin = Plugin()
    # Their own options run the tests in several processes at once.
    options = ["-o", "addopts=", "-p", "no:cacheprovider", "--tb=short", "-q"]
    status = pytest.main([str(path) for path in paths if path.exists()] + options, [plugin])
    for name, failure in plugin.failures.items():
        print(json.dumps({"test": name, "failure": failure}), file=output)
    # 1 is that tests failed, of which the reader of the lines judges.
    sys.exit(0 if status in [0, 1] else status)


if sys.argv[1] == "seeds":
    write_seeds(Path(sys.argv[2]))
else:
    run(sys.argv[2])
