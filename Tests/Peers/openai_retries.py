"""Creates 1,000 messages with openai-python through a proxy that loses, delays and doubles answers.

openai_retries.py      prints how many messages were created, are there, and are there twice

The SDK is as it comes: what it does about a lost answer is to send the request again.
"""
import asyncio
import json
import os
import random
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from openai import OpenAI

warnings.simplefilter("ignore", DeprecationWarning)
COUNT, WORKERS, PATIENCE = 1000, 24, 1.0
target = urlsplit(os.environ["OPENAI_BASE_URL"])
luck = random.Random(2026)
faults = {"request lost": 0, "answer lost": 0, "answer late": 0, "answer doubled": 0, "none": 0}


async def message(reader):
    """The bytes of the next HTTP message with a length; empty at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return head + await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return b""


async def serve(reader, writer):
    """Carries requests and answers of one connection, until a fault ends it."""
    backend_reader, backend_writer = await asyncio.open_connection(target.hostname, target.port)
    try:
        while request := await message(reader):
            fault = luck.choices(list(faults), [3, 12, 6, 4, 75])[0]
            if not request.startswith(b"POST"):
                fault = "none"
            faults[fault] += 1
            if fault == "request lost":
                return
            backend_writer.write(request)
            await backend_writer.drain()
            answer = await message(backend_reader)
            if fault == "answer lost":
                return
            if fault == "answer late":
                await asyncio.sleep(PATIENCE * 1.5)
            if fault == "answer doubled":
                # Said to be the connection's last, or the client would take the second for the
                # answer to its next request, as HTTP has it.
                last = answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
                writer.write(last + last)
                return
            writer.write(answer)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
        backend_writer.close()


def start_proxy():
    """Runs the proxy on a thread of its own; gives its port."""
    ready, ports = threading.Event(), []

    async def run():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    ready.wait()
    return ports[0]


def main():
    through = OpenAI(
        base_url=f"http://127.0.0.1:{start_proxy()}{target.path}",
        timeout=PATIENCE, max_retries=12,
    )
    direct = OpenAI()
    threads = [direct.beta.threads.create().id for _ in range(10)]

    def send(number):
        place = threads[number % len(threads)]
        text = f"message {number}"
        return through.beta.threads.messages.create(place, role="user", content=text).id

    with ThreadPoolExecutor(WORKERS) as pool:
        created = list(pool.map(send, range(COUNT)))
    there = [
        message.id
        for place in threads
        for message in direct.beta.threads.messages.list(place, limit=100)
    ]
    print(
        json.dumps(
            {
                "created": len(set(created)),
                "lost": len(set(created) - set(there)),
                "doubled": len(there) - len(set(created)),
                "faults": faults,
            }
        )
    )
    sys.stdout.flush()
    os._exit(0)


main()
