"""Runs the code samples of the documents in ../shared/seeds as they are printed.

openai_samples.py SEEDS NAME

A sample is cut out of its document when it is run; what the document takes for granted (a client, a
thread, an assistant) is there under the names that it uses; QUESTION and ASSISTANT name others. An exception is printed as the last
line, `Type: text`.
"""
import os
import re
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import openai


def between(text, start, end):
    """What stands between two marks."""
    return text[text.index(start) + len(start) :].split(end, 1)[0]


def blocks(text):
    """The Python blocks of a Markdown document."""
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def faq_parts(text):
    """The two programs of the page that has lost its formatting: the broken one and the fixed."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line == "from openai import OpenAI"]
    broken = lines[starts[0] :]
    # The page runs code and output together on the last line of each program.
    last = next(i for i, line in enumerate(broken) if line.startswith("print(event"))
    broken[last] = "  " + broken[last].split(" TypeError")[0]
    fixed = lines[starts[1] :]
    end = next(i for i, line in enumerate(fixed) if line.startswith("print() "))
    body = ["  chunk = event.choices[0].delta", "  if hasattr(chunk, 'content') and chunk.content:"]
    loop = next(i for i, line in enumerate(fixed) if line.startswith("for event"))
    body.append("    " + fixed[loop + 3])
    assert fixed[loop + 1] == body[0].strip() and fixed[loop + 2].startswith("if hasattr")
    assert fixed[end].startswith("print()")
    return "\n".join(broken[: last + 1]), "\n".join(fixed[: loop + 1] + body + ["print()"])


def sample(seeds, name):
    """The text of a sample."""
    files = sorted(Path(seeds).glob("*.txt"))
    text = [file.read_text() for file in files]
    if name == "handler, create_and_stream":
        return between(text[0], "here are some code examples:", "And here is how elevenlabs")
    if name == "handler, stream":
        code = between(text[1], "python: `", "`.trim()")
        return code.replace("\\\\", "\\").replace("\\`", "`").replace("\\{", "{")
    if name == "events":
        return blocks(text[2])[0]
    if name == "text deltas by handler":
        return blocks(text[2])[1]
    helpers = [block for block in blocks(text[3]) if "with client" in block]
    if name == "helpers, handler":
        return helpers[0]
    if name == "helpers, events":
        return helpers[1]
    if name == "helpers, text":
        return helpers[2]
    if name == "chat, broken":
        return faq_parts(text[4])[0]
    if name == "chat, fixed":
        return faq_parts(text[4])[1]
    raise SystemExit(f"no sample {name}")


def main():
    # The SDK says of every call that the API is deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    seeds, name = sys.argv[1:]
    client = openai.OpenAI()
    # Each sample finds a question that is not answered yet in the thread that it names.
    for thread_id in ["thread_id", "thread_abc123"]:
        client.beta.threads.messages.create(
            thread_id, role="user", content=os.environ.get("QUESTION", "hi")
        )
    names = {
        "client": client,
        "openai": openai,
        "thread": SimpleNamespace(id="thread_id"),
        "assistant": SimpleNamespace(id=os.environ.get("ASSISTANT", "assistant_id")),
    }
    try:
        exec(compile(sample(seeds, name), name, "exec"), names)
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


main()
