"""Reads one run's stream with openai-python, and prints what that cost as one line of JSON.

library_reader.py helper|raw URL
"""
import json
import resource
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


def cost():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    # The SDK says of every call that the API is deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    way, url = sys.argv[1:]
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0)
    runs = client.beta.threads.runs
    before, start, events, text = cost(), time.monotonic(), 0, 0
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
                "processor": cost() - before,
                "seconds": time.monotonic() - start,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            }
        )
    )


main()
