"""Reads one run's stream with openai-python, and prints what that cost as one line of JSON.

library_reader.py helper|raw URL
"""
import json
import sys
import time
import warnings

import openai


class Handler(openai.AssistantEventHandler):
    """Counts, with the callbacks of the benchmark's other side."""

    def __init__(self):
        super().__init__()
        self.text = 0
        self.calls = 0

    def on_text_delta(self, delta, snapshot):
        self.text += len(delta.value or "")

    def on_tool_call_delta(self, delta, snapshot):
        self.calls += 1


def peak_memory():
    """In MB; what `getrusage` says is never less than the parent's."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def main():
    # The SDK says of every call that the API is deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    way, url = sys.argv[1:]
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0)
    runs = client.beta.threads.runs
    before, start, events, text = time.process_time(), time.monotonic(), 0, 0
    if way == "helper":
        handler = Handler()
        with runs.stream(
            thread_id="thread_1", assistant_id="asst_1", event_handler=handler
        ) as stream:
            for _ in stream:
                events += 1
        text = handler.text
    else:
        for event in runs.create(thread_id="thread_1", assistant_id="asst_1", stream=True):
            events += 1
            if event.event == "thread.message.delta":
                text += len(event.data.delta.content[0].text.value)
    print(
        json.dumps(
            {
                "events": events,
                "text": text,
                "processor": time.process_time() - before,
                "seconds": time.monotonic() - start,
                "memory": peak_memory(),
            }
        )
    )


main()
