#!/usr/bin/env python3
"""An Assistants v2 server that is not ours: the original's endpoints, as far as a conversation needs
them, and nothing else. It lists no threads, has no feed and knows no models.

Prints READY with its address, then each request and each run that was cancelled. The last message
says what a run does: "wait" streams half an answer until it is cancelled, "fail" ends failed, and
"refuse" is answered with an error; all else streams a whole answer.
"""
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-foreign"
objects = {}  # id -> object
listed = {"assistants": []}  # path of a list -> ids, oldest first
cancelled = {}  # run -> threading.Event
lock = threading.Lock()


def say(*words):
    print(*words, flush=True)


def keep(path, kind, prefix, **fields):
    with lock:
        made = {"id": f"{prefix}_{len(objects)}", "object": kind, "created_at": int(time.time())}
        made.update(fields)
        objects[made["id"]] = made
        listed.setdefault(path, []).append(made["id"])
    return made


def text(value):
    return {"type": "text", "text": {"value": value, "annotations": []}}


def message(thread, role, content, **fields):
    return keep(f"threads/{thread}/messages", "thread.message", "msg", thread_id=thread, role=role,
                content=content, metadata={}, attachments=[], **fields)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fail(self, status, words):
        self.answer({"error": {"message": words, "type": "invalid_request_error", "param": None,
                               "code": None}}, status)

    def begin(self):
        path, _, self.query = self.path.partition("?")
        say(self.command, path)
        size = int(self.headers.get("Content-Length") or 0)
        self.body = json.loads(self.rfile.read(size) or b"{}")
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            self.fail(401, "Incorrect API key provided to the foreign server.")
            return None
        if not path.startswith("/v1/"):
            self.fail(404, f"Invalid URL ({self.command} {path})")
            return None
        return path[len("/v1/"):].split("/")

    def do_GET(self):
        parts = self.begin()
        if parts is None:
            return
        path = "/".join(parts)
        if parts[-1] in ("assistants", "messages", "runs", "steps"):
            data = [objects[each] for each in listed.get(path, []) if each in objects]
            if "order=asc" not in self.query:
                data.reverse()
            ids = [each["id"] for each in data]
            self.answer({"object": "list", "data": data, "first_id": ids[0] if ids else None,
                         "last_id": ids[-1] if ids else None, "has_more": False})
        elif len(parts) > 1 and parts[-1] in objects:
            self.answer(objects[parts[-1]])
        else:
            self.fail(404, f"Invalid URL (GET /v1/{path})")

    def do_POST(self):
        parts = self.begin()
        if parts is None:
            return
        if parts == ["threads"]:
            thread = keep("threads", "thread", "thread", metadata={}, tool_resources={})
            return self.answer(thread)
        thread = objects.get(parts[1]) if len(parts) > 1 and parts[0] == "threads" else None
        if thread is None:
            return self.fail(404, f"Invalid URL (POST {self.path})")
        if parts[2:] == ["messages"]:
            content = self.body["content"]
            content = [text(content)] if isinstance(content, str) else [
                text(part["text"]) if part["type"] == "text" else part for part in content]
            return self.answer(message(thread["id"], self.body["role"], content))
        if parts[2:] == ["runs"]:
            return self.run(thread["id"])
        if parts[-1] == "cancel":
            run = objects[parts[3]]
            run["status"] = "cancelling"
            self.answer(run)
            cancelled[run["id"]].set()
            return say("CANCELLED", run["id"])
        if len(parts) == 2:
            thread["metadata"].update(self.body.get("metadata") or {})
            return self.answer(thread)
        self.fail(404, f"Invalid URL (POST {self.path})")

    def tell(self, name, data):
        data = data if isinstance(data, str) else json.dumps(data)
        chunk = f"event: {name}\ndata: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    def run(self, thread):
        for extra in self.body.get("additional_messages") or []:
            content = extra["content"]
            message(thread, extra["role"], [text(content)] if isinstance(content, str) else [
                text(part["text"]) for part in content])
        question = objects[listed[f"threads/{thread}/messages"][-1]]["content"][0]["text"]["value"]
        if "refuse" in question:
            return self.fail(400, "The foreign server refuses to answer that.")
        run = keep(f"threads/{thread}/runs", "thread.run", "run", thread_id=thread,
                   assistant_id=self.body["assistant_id"], status="queued", model="foreign-1",
                   instructions="", tools=[], metadata={}, required_action=None, last_error=None,
                   usage=None)
        cancelled[run["id"]] = threading.Event()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.tell("thread.run.created", run)
        run["status"] = "in_progress"
        self.tell("thread.run.in_progress", run)
        if "fail" in question:
            run["status"] = "failed"
            run["last_error"] = {"code": "server_error", "message": "The foreign model broke."}
        else:
            self.speak(thread, run, "wait" in question)
        self.tell("thread.run." + run["status"], run)
        self.tell("done", "[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def speak(self, thread, run, waits):
        said = message(thread, "assistant", [], run_id=run["id"], status="in_progress",
                       assistant_id=run["assistant_id"])
        step = keep(f"threads/{thread}/runs/{run['id']}/steps", "thread.run.step", "step",
                    run_id=run["id"], thread_id=thread, assistant_id=run["assistant_id"],
                    type="message_creation", status="in_progress", last_error=None, usage=None,
                    step_details={"type": "message_creation",
                                  "message_creation": {"message_id": said["id"]}})
        self.tell("thread.run.step.created", step)
        self.tell("thread.run.step.in_progress", step)
        self.tell("thread.message.created", said)
        self.tell("thread.message.in_progress", said)
        words = ["Half an ", "answer "] if waits else ["A foreign ", "answer."]
        for word in words:
            self.tell("thread.message.delta", {
                "id": said["id"], "object": "thread.message.delta",
                "delta": {"content": [dict(text(word), index=0)]}})
        said["content"] = [text("".join(words))]
        if waits:
            cancelled[run["id"]].wait(60)
        ends = ("incomplete", "cancelled", "cancelled") if waits else ("completed",) * 3
        said["status"], step["status"], run["status"] = ends
        self.tell("thread.message." + said["status"], said)
        self.tell("thread.run.step." + step["status"], step)


keep("assistants", "assistant", "asst", name="Foreigner", model="foreign-1", instructions="",
     description=None, tools=[], metadata={})
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
say("READY", f"http://127.0.0.1:{server.server_port}")
threading.Thread(target=server.serve_forever, daemon=True).start()
# Ends with whoever started it.
sys.stdin.read()
