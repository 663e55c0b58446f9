"""Uses openai-python as people's programs do, and checks what comes back.

openai_checks.py
    every check below, a JSON line each: {"check": …, "failure": null or text}
openai_checks.py version
    prints the version of openai-python
openai_checks.py callbacks THREAD…
    streams a run of each thread and prints, a JSON line each, every callback in its order and the
    exception that ended it

The model behind the server is the scripted one: it answers `hi` with a text, `weather` with one
call, `two` with two parallel calls, and a tool's result with a closing sentence.
"""
import asyncio
import json
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import openai
from openai import AssistantEventHandler, AsyncAssistantEventHandler, AsyncOpenAI, OpenAI
from typing_extensions import override

# The SDK says of every call that the API is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)
client = OpenAI()
# Older versions have the vector stores where the helpers' page has them.
stores = client.vector_stores if hasattr(client, "vector_stores") else client.beta.vector_stores
checks = []


def check(function):
    checks.append(function)
    return function


def function_tool(name):
    # The server holds the model to this: it must allow what the model was made to say.
    names = {"city": {"type": "string"}, "unit": {"type": "string"}}
    schema = {"type": "object", "properties": names, "required": ["city", "unit"]}
    return {"type": "function", "function": {"name": name, "parameters": schema}}


def assistant():
    tools = [function_tool("get_weather"), function_tool("get_time")]
    # At 0 the scripted model says what it was made to say, each time.
    return client.beta.assistants.create(
        model="tiny-scripted", name="Checker", tools=tools, temperature=0
    )


def thread(text):
    return client.beta.threads.create(messages=[{"role": "user", "content": text}])


def outputs(run):
    calls = run.required_action.submit_tool_outputs.tool_calls
    assert run.required_action.type == "submit_tool_outputs" and calls
    return [{"tool_call_id": call.id, "output": "sunny"} for call in calls]


def answer_of(thread_id):
    newest = client.beta.threads.messages.list(thread_id).data[0]
    assert newest.role == "assistant" and newest.status == "completed", newest
    assert newest.content[0].text.value
    return newest


# Runs that are waited for


@check
def create_and_poll():
    made = thread("hi")
    run = client.beta.threads.runs.create_and_poll(
        thread_id=made.id, assistant_id=assistant().id, poll_interval_ms=20
    )
    assert run.status == "completed", run
    assert run.usage.total_tokens == run.usage.prompt_tokens + run.usage.completion_tokens > 0
    assert answer_of(made.id).run_id == run.id
    steps = client.beta.threads.runs.steps.list(run.id, thread_id=made.id).data
    assert [step.type for step in steps] == ["message_creation"], steps
    step = client.beta.threads.runs.steps.retrieve(steps[0].id, thread_id=made.id, run_id=run.id)
    assert step.step_details.message_creation.message_id == answer_of(made.id).id


@check
def create_and_run_poll():
    run = client.beta.threads.create_and_run_poll(
        assistant_id=assistant().id,
        thread={"messages": [{"role": "user", "content": "hi"}]},
        poll_interval_ms=20,
    )
    assert run.status == "completed" and answer_of(run.thread_id)


@check
def submit_tool_outputs_and_poll():
    for question, count in [("weather", 1), ("two", 2)]:
        run = client.beta.threads.runs.create_and_poll(
            thread_id=thread(question).id, assistant_id=assistant().id, poll_interval_ms=20
        )
        assert run.status == "requires_action", run
        assert len(outputs(run)) == count
        run = client.beta.threads.runs.submit_tool_outputs_and_poll(
            run_id=run.id, thread_id=run.thread_id, tool_outputs=outputs(run), poll_interval_ms=20
        )
        assert run.status == "completed" and answer_of(run.thread_id)


# Runs that stream


@check
def stream_without_handler():
    made = thread("hi")
    with client.beta.threads.runs.stream(
        thread_id=made.id, assistant_id=assistant().id
    ) as stream:
        names = [event.event for event in stream]
        text = stream.get_final_messages()[0].content[0].text.value
        run, steps = stream.get_final_run(), stream.get_final_run_steps()
    assert names[0] == "thread.run.created" and names[-1] == "thread.run.completed", names
    assert text == answer_of(made.id).content[0].text.value
    assert run.status == "completed" and [step.type for step in steps] == ["message_creation"]


@check
def stream_by_argument():
    made = thread("hi")
    events = client.beta.threads.runs.create(
        thread_id=made.id, assistant_id=assistant().id, stream=True
    )
    pieces = [
        event.data.delta.content[0].text.value
        for event in events
        if event.event == "thread.message.delta"
    ]
    assert len(pieces) > 1
    assert "".join(pieces) == answer_of(made.id).content[0].text.value


@check
def create_and_run_stream():
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant().id, thread={"messages": [{"role": "user", "content": "hi"}]}
    ) as stream:
        first = next(iter(stream))
        stream.until_done()
    assert first.event == "thread.created", first
    assert answer_of(first.data.id)


class Submitting(AssistantEventHandler):
    """Answers its run's calls from inside `on_event`, while the first stream is still open."""

    text = ""

    @override
    def on_event(self, event):
        if event.event != "thread.run.requires_action":
            return
        with client.beta.threads.runs.submit_tool_outputs_stream(
            thread_id=event.data.thread_id,
            run_id=event.data.id,
            tool_outputs=outputs(event.data),
            event_handler=Submitted(),
        ) as stream:
            stream.until_done()
            Submitting.text = stream.get_final_messages()[0].content[0].text.value


class Submitted(AssistantEventHandler):
    @override
    def on_text_delta(self, delta, snapshot):
        assert snapshot.value.endswith(delta.value)
        assert self.current_message_snapshot.content[0].text.value == snapshot.value
        assert self.current_event.event == "thread.message.delta"
        assert self.current_run_step_snapshot.type == "message_creation"


@check
def submit_tool_outputs_stream_inside_on_event():
    for question in ["weather", "two"]:
        made = thread(question)
        with client.beta.threads.runs.stream(
            thread_id=made.id, assistant_id=assistant().id, event_handler=Submitting()
        ) as stream:
            stream.until_done()
            assert stream.current_run.status == "requires_action"
        assert Submitting.text == answer_of(made.id).content[0].text.value


class AsyncCollecting(AsyncAssistantEventHandler):
    def __init__(self):
        super().__init__()
        self.heard, self.text = [], ""

    @override
    async def on_text_delta(self, delta, snapshot):
        self.text += delta.value
        assert self.text == snapshot.value

    @override
    async def on_end(self):
        self.heard.append("end")


@check
def asynchronous():
    async def ask():
        client = AsyncOpenAI()
        made = await client.beta.threads.create(messages=[{"role": "user", "content": "hi"}])
        handler = AsyncCollecting()
        async with client.beta.threads.runs.stream(
            thread_id=made.id, assistant_id=assistant().id, event_handler=handler
        ) as stream:
            await stream.until_done()
        assert handler.heard == ["end"]
        assert handler.text == answer_of(made.id).content[0].text.value
        run = await client.beta.threads.runs.create_and_poll(
            thread_id=made.id, assistant_id=assistant().id, poll_interval_ms=20
        )
        assert run.status == "completed"
        await client.close()

    asyncio.run(ask())


# Objects


@check
def objects():
    made = assistant()
    assert client.beta.assistants.retrieve(made.id) == made
    renamed = client.beta.assistants.update(made.id, name="B", metadata={"a": "b"})
    assert (renamed.name, renamed.metadata, renamed.tools) == ("B", {"a": "b"}, made.tools)
    assert client.beta.assistants.delete(made.id).deleted
    try:
        client.beta.assistants.retrieve(made.id)
        raise AssertionError("a deleted assistant is still there")
    except openai.NotFoundError as error:
        assert error.body["type"] == "invalid_request_error", error.body
    talk = client.beta.threads.create(metadata={"k": "v"})
    messages = client.beta.threads.messages
    assert messages.list(talk.id).data == []
    sent = [messages.create(talk.id, role="user", content=str(n)).id for n in range(7)]
    walked = [message.id for message in messages.list(talk.id, limit=2, order="asc")]
    assert walked == sent
    changed = messages.update(sent[0], thread_id=talk.id, metadata={"x": "y"})
    assert messages.retrieve(sent[0], thread_id=talk.id) == changed
    assert messages.delete(sent[0], thread_id=talk.id).deleted
    assert client.beta.threads.update(talk.id, metadata={"k": "w"}).metadata == {"k": "w"}
    assert client.beta.threads.delete(talk.id).deleted


@check
def a_run_locks_its_thread_until_it_is_cancelled():
    made = thread("weather")
    run = client.beta.threads.runs.create_and_poll(
        thread_id=made.id, assistant_id=assistant().id, poll_interval_ms=20
    )
    assert run.status == "requires_action"
    try:
        client.beta.threads.messages.create(made.id, role="user", content="more")
        raise AssertionError("a message was added while a run is active")
    except openai.BadRequestError as error:
        assert run.id in error.body["message"], error.body
    client.beta.threads.runs.cancel(run.id, thread_id=made.id)
    run = client.beta.threads.runs.poll(run.id, thread_id=made.id, poll_interval_ms=20)
    assert run.status == "cancelled"
    assert client.beta.threads.messages.create(made.id, role="user", content="more").id


@check
def models_and_chat():
    names = [model.id for model in client.models.list()]
    assert names[0] == "tiny-scripted", names
    question = [{"role": "user", "content": "hi"}]
    whole = client.chat.completions.create(model=names[0], messages=question)
    pieces = client.chat.completions.create(model=names[0], messages=question, stream=True)
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == whole.choices[0].message.content != ""


@check
def a_wrong_key_is_refused():
    try:
        OpenAI(api_key="sk-wrong", max_retries=0).beta.assistants.list()
        raise AssertionError("a wrong key was let in")
    except openai.AuthenticationError as error:
        assert error.body["code"] == "invalid_api_key", error.body


# Files


def policy(folder, name="policy.md"):
    path = Path(folder) / name
    path.write_text("# Returns\n\nShoes can be returned within thirty days.\n")
    return path


@check
def files():
    with tempfile.TemporaryDirectory() as folder:
        path = policy(folder)
        made = client.files.create(file=path, purpose="assistants")
        assert (made.filename, made.bytes) == ("policy.md", path.stat().st_size)
        assert client.files.retrieve(made.id) == made
        assert made.id in [file.id for file in client.files.list(purpose="assistants")]
        assert client.files.delete(made.id).deleted


@check
def vector_stores():
    with tempfile.TemporaryDirectory() as folder:
        store = stores.create(name="policies")
        direct = stores.files.upload_and_poll(
            vector_store_id=store.id, file=policy(folder), poll_interval_ms=20
        )
        assert direct.status == "completed", direct
        file = client.files.create(file=policy(folder, "two.md"), purpose="assistants")
        added = stores.files.create_and_poll(
            file.id, vector_store_id=store.id, poll_interval_ms=20
        )
        assert added.status == "completed"
        third = client.files.create(file=policy(folder, "three.md"), purpose="assistants")
        batch = stores.file_batches.create_and_poll(
            vector_store_id=store.id, file_ids=[third.id], poll_interval_ms=20
        )
        assert (batch.status, batch.file_counts.completed) == ("completed", 1)
        batch = stores.file_batches.upload_and_poll(
            vector_store_id=store.id,
            files=[policy(folder, "four.md"), policy(folder, "five.md")],
            poll_interval_ms=20,
        )
        assert (batch.status, batch.file_counts.completed) == ("completed", 2)
        assert stores.retrieve(store.id).file_counts.completed == 5
        if hasattr(stores, "search"):
            found = stores.search(store.id, query="returned shoes").data
            assert found and "thirty days" in found[0].content[0].text
        assert stores.delete(store.id).deleted
        assert stores.create().name is None


# Code that runs


class CodeWatcher(AssistantEventHandler):
    def __init__(self):
        super().__init__()
        self.code, self.logs = "", []

    @override
    def on_tool_call_delta(self, delta, snapshot):
        code = delta.code_interpreter
        self.code += (code and code.input) or ""
        for output in (code and code.outputs) or []:
            if output.type == "logs":
                self.logs.append(output.logs)


def run_code(question):
    """What a watcher saw, and the answer."""
    made = client.beta.assistants.create(
        model="tiny-scripted", tools=[{"type": "code_interpreter"}], temperature=0
    )
    watcher = CodeWatcher()
    with client.beta.threads.runs.stream(
        thread_id=thread(question).id, assistant_id=made.id, event_handler=watcher
    ) as stream:
        stream.until_done()
        run = stream.get_final_run()
    assert run.status == "completed", run
    return watcher, answer_of(run.thread_id), run


@check
def code_is_watched_as_it_is_written_and_prints():
    watcher, _, run = run_code("compute")
    assert watcher.code == "print(sum(range(10)))" and watcher.logs, watcher.code
    assert "".join(watcher.logs) == "45\n", watcher.logs
    steps = client.beta.threads.runs.steps.list(run.id, thread_id=run.thread_id, order="asc")
    call = steps.data[0].step_details.tool_calls[0].code_interpreter
    assert (call.input, call.outputs[0].logs) == (watcher.code, "45\n"), call
    watcher, _, _ = run_code("count")
    # Each tick comes by itself, and then the value of the last expression.
    assert len(watcher.logs) >= 5, watcher.logs
    assert "".join(watcher.logs).split() == [
        word for tick in range(5) for word in ["tick", str(tick)]
    ] + ["40"], watcher.logs


@check
def a_file_of_the_code_is_downloaded():
    _, answer, _ = run_code("chart")
    text = answer.content[0].text
    link = text.annotations[0]
    assert link.type == "file_path" and link.text == "sandbox:/mnt/data/chart.csv", link
    assert text.value[link.start_index : link.end_index] == link.text
    assert client.files.content(link.file_path.file_id).read() == b"North,9.2\nSouth,21.4\n"
    made = client.files.retrieve(link.file_path.file_id)
    assert (made.filename, made.purpose) == ("chart.csv", "assistants_output"), made


@check
def a_picture_of_the_code_is_in_the_answer():
    made = client.beta.assistants.create(
        model="tiny-scripted", tools=[{"type": "code_interpreter"}], temperature=0
    )
    run = client.beta.threads.runs.create_and_poll(
        thread_id=thread("plot").id, assistant_id=made.id, poll_interval_ms=50
    )
    assert run.status == "completed", run
    newest = client.beta.threads.messages.list(run.thread_id).data[0]
    assert [part.type for part in newest.content] == ["image_file", "text"], newest.content
    picture = client.files.content(newest.content[0].image_file.file_id).read()
    assert picture.startswith(b"\x89PNG"), picture[:8]


# Callbacks


class Recorder(AssistantEventHandler):
    def __init__(self):
        super().__init__()
        self.callbacks = []


def recording(name, describe):
    def callback(self, *arguments):
        self.callbacks.append([name, describe(*arguments)])

    setattr(Recorder, name, callback)


def plain(value):
    return value.to_dict(mode="json")


def state(value, *_):
    return {"id": value.id, "status": value.status}


for name, describe in {
    "on_event": lambda event: event.event,
    "on_run_step_created": state,
    "on_run_step_delta": lambda *_: None,
    "on_run_step_done": state,
    "on_message_created": state,
    "on_message_delta": lambda *_: None,
    "on_message_done": state,
    "on_text_created": lambda text: text.value,
    "on_text_delta": lambda delta, text: {"value": delta.value, "snapshot": text.value},
    "on_text_done": lambda text: text.value,
    "on_image_file_done": lambda image: image.file_id,
    "on_tool_call_created": plain,
    "on_tool_call_delta": lambda delta, call: {"delta": plain(delta), "snapshot": plain(call)},
    "on_tool_call_done": plain,
    "on_end": lambda: None,
    "on_timeout": lambda: None,
    "on_exception": lambda error: type(error).__name__,
}.items():
    recording(name, describe)


def callbacks(thread_id):
    recorder, raised = Recorder(), None
    try:
        with client.beta.threads.runs.stream(
            thread_id=thread_id, assistant_id="asst_1", event_handler=recorder
        ) as stream:
            stream.until_done()
    except Exception as error:
        raised = type(error).__name__
    print(json.dumps({"callbacks": recorder.callbacks, "raised": raised}))


def main():
    if sys.argv[1:2] == ["callbacks"]:
        for thread_id in sys.argv[2:]:
            callbacks(thread_id)
        return
    if sys.argv[1:2] == ["version"]:
        print(openai.__version__)
        return
    for function in checks:
        failure = None
        try:
            function()
        except BaseException:
            failure = traceback.format_exc()
        print(json.dumps({"check": function.__name__, "failure": failure}), flush=True)


main()
