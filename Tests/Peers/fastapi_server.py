"""What one would write first, with FastAPI: the peer of `script/bench server`.

It speaks just as much of the Assistants API as the benchmark asks for. It knows no keys, checks no
state, tells nobody else what happens, and stores nothing of a stream.

- POST /v1/threads/runs: asks the model server and passes each delta on.
- POST /alone/threads/runs: makes the same deltas itself, 50 a second.
- POST /v1/threads, POST and GET /v1/threads/{id}/messages: kept in SQLite, each write on disk
  before it is answered, as Switchboard does.
"""

import asyncio
import json
import os
import secrets
import sqlite3
import time
from contextlib import asynccontextmanager

import aiohttp
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

RATE = 50
ALONE_SECONDS = 60


def open_database():
    database = sqlite3.connect(os.environ["PEER_DATABASE"], timeout=30, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE IF NOT EXISTS thread (id TEXT PRIMARY KEY, json TEXT NOT NULL)")
    database.execute(
        "CREATE TABLE IF NOT EXISTS message (position INTEGER PRIMARY KEY, id TEXT NOT NULL,"
        " thread TEXT NOT NULL, json TEXT NOT NULL)"
    )
    database.execute("CREATE INDEX IF NOT EXISTS message_thread ON message (thread, position)")
    return database


@asynccontextmanager
async def lifespan(app):
    app.state.database = open_database()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as app.state.session:
        yield


app = FastAPI(lifespan=lifespan)


class NewMessage(BaseModel):
    role: str
    content: str
    metadata: dict[str, str] = {}


class NewThread(BaseModel):
    messages: list[NewMessage] = []


class NewRun(BaseModel):
    assistant_id: str
    stream: bool = False
    thread: NewThread = NewThread()


def new_id(prefix):
    return f"{prefix}_{secrets.token_hex(12)}"


def event(name, data):
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def delta(message, text):
    content = [{"index": 0, "type": "text", "text": {"value": text}}]
    data = {"id": message, "object": "thread.message.delta", "delta": {"content": content}}
    return event("thread.message.delta", data)


@app.get("/healthz")
async def health():
    return {"status": "ok"}


# Streams


async def passed_on(request):
    yield event("thread.run.created", {"id": new_id("run"), "object": "thread.run"})
    message = new_id("msg")
    messages = [{"role": one.role, "content": one.content} for one in request.thread.messages]
    question = {"model": "bench", "stream": True, "messages": messages}
    url = os.environ["PEER_MODEL_URL"] + "/chat/completions"
    async with app.state.session.post(url, json=question) as answer:
        async for line in answer.content:
            if not line.startswith(b"data: {"):
                continue
            text = json.loads(line[6:])["choices"][0]["delta"].get("content")
            if text:
                yield delta(message, text)
    yield "event: done\ndata: [DONE]\n\n"


async def made():
    yield event("thread.run.created", {"id": new_id("run"), "object": "thread.run"})
    message = new_id("msg")
    due = time.monotonic()
    for _ in range(RATE * ALONE_SECONDS):
        due += 1 / RATE
        await asyncio.sleep(due - time.monotonic())
        yield delta(message, f"@{int(due * 1e9):016d} ")
    yield "event: done\ndata: [DONE]\n\n"


@app.post("/v1/threads/runs")
async def run(request: NewRun):
    return StreamingResponse(passed_on(request), media_type="text/event-stream")


@app.post("/alone/threads/runs")
async def run_alone(request: NewRun):
    return StreamingResponse(made(), media_type="text/event-stream")


# Messages


@app.post("/v1/threads")
async def create_thread(request: NewThread):
    thread = {"id": new_id("thread"), "object": "thread", "created_at": int(time.time())}
    sql = "INSERT INTO thread (id, json) VALUES (?, ?)"
    app.state.database.execute(sql, (thread["id"], json.dumps(thread)))
    return thread


def require(thread):
    found = app.state.database.execute("SELECT 1 FROM thread WHERE id = ?", (thread,)).fetchone()
    if not found:
        raise HTTPException(404, f"No thread found with id '{thread}'.")


@app.post("/v1/threads/{thread}/messages")
async def create_message(thread: str, request: NewMessage):
    require(thread)
    text = {"type": "text", "text": {"value": request.content, "annotations": []}}
    message = {
        "id": new_id("msg"),
        "object": "thread.message",
        "created_at": int(time.time()),
        "thread_id": thread,
        "role": request.role,
        "content": [text],
        "assistant_id": None,
        "run_id": None,
        "attachments": [],
        "metadata": request.metadata,
    }
    sql = "INSERT INTO message (id, thread, json) VALUES (?, ?, ?)"
    app.state.database.execute(sql, (message["id"], thread, json.dumps(message)))
    return message


@app.get("/v1/threads/{thread}/messages")
async def list_messages(thread: str, limit: int = 20):
    require(thread)
    sql = "SELECT json FROM message WHERE thread = ? ORDER BY position DESC LIMIT ?"
    rows = app.state.database.execute(sql, (thread, limit + 1)).fetchall()
    data = [json.loads(row[0]) for row in rows[:limit]]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(rows) > limit,
    }
