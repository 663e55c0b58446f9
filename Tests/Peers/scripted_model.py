#!/usr/bin/env python3
"""Builds a tiny scripted model: a real llama-architecture GGUF whose weights hold a bigram table.

A stock llama.cpp server then answers with known text or known tool calls, while every byte of
HTTP, server-sent events, chat template, grammar and tool-call parsing is the genuine server's.

The chat template ends the prompt with a state token <|s:NAME|>; the bigram table walks the script
of NAME to <|im_end|>. Rows without a script are random, so free text is still "a model".

usage: scripted_model.py OUT.gguf
"""
import json
import re
import sys

import gguf
import numpy


def call(name, **arguments):
    body = json.dumps({"name": name, "arguments": arguments})
    return f"<tool_call>\n{body}\n</tool_call>"


COUNT = 'import time\nfor i in range(5):\n    print("tick", i, flush=True)\n    time.sleep(0.3)\ni * 10'
CHART = '''rows = [("North", 9.2), ("South", 21.4)]
with open("/mnt/data/chart.csv", "w") as f:
    for r in rows:
        print(*r, sep=",", file=f)
print("saved /mnt/data/chart.csv")'''
PLOT = 'import matplotlib.pyplot as plt\nplt.plot([1, 4, 9, 16])\nplt.title("squares")\nplt.show()'

SCRIPTS = {
    "hello": "Hello! I am a tiny scripted model.\nAsk me about the weather.",
    "call_weather": call("get_weather", city="Paris", unit="c"),
    "call_two": call("get_weather", city="Rome", unit="c")
    + "\n"
    + call("get_weather", city="Oslo", unit="f"),
    "call_code": call("code_interpreter", code="print(sum(range(10)))"),
    "call_count": call("code_interpreter", code=COUNT),
    "call_chart": call("code_interpreter", code=CHART),
    "call_plot": call("code_interpreter", code=PLOT),
    "call_search": call("file_search", queries=["refund policy"]),
    "cite": "Refunds are accepted within 30 days【0:0†policy.md】 of purchase.",
    "path": "Your chart is ready: [Download](sandbox:/mnt/data/chart.csv)",
    "after_tool": "The tool said so, and that is the final answer.",
    "think": "<think>\nThe user wants a plan, so plan it.\n</think>\n\nHere is the plan.",
    "long": " ".join(f"word{i}" for i in range(1, 201)) + ".",
}

# Which script answers: `u` is the text of the last message.
RULES = """{%- if last.role == 'tool' and '†' in u %}<|s:cite|>
{%- elif last.role == 'tool' and '/mnt/data/' in u %}<|s:path|>
{%- elif last.role == 'tool' %}<|s:after_tool|>
{%- elif tools and 'two' in u %}<|s:call_two|>
{%- elif tools and 'weather' in u %}<|s:call_weather|>
{%- elif tools and 'compute' in u %}<|s:call_code|>
{%- elif tools and 'count' in u %}<|s:call_count|>
{%- elif tools and 'chart' in u %}<|s:call_chart|>
{%- elif tools and 'plot' in u %}<|s:call_plot|>
{%- elif tools and 'policy' in u %}<|s:call_search|>
{%- elif 'plan' in u %}<|s:think|>
{%- elif 'long' in u %}<|s:long|>
{%- else %}<|s:hello|>
{%- endif %}"""

TOOLS_BEFORE = (
    "# Tools\\n\\nYou may call one or more functions to assist with the user query.\\n\\n"
    "You are provided with function signatures within <tools></tools> XML tags:\\n<tools>"
)
TOOLS_AFTER = (
    "\\n</tools>\\n\\nFor each function call, return a json object with function name and "
    "arguments within <tool_call></tool_call> XML tags:\\n<tool_call>\\n"
    '{\\"name\\": <function-name>, \\"arguments\\": <args-json-object>}\\n'
    "</tool_call><|im_end|>\\n"
)
TEMPLATE = (
    """{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
{{- \"""" + TOOLS_BEFORE + """\" }}
{%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}
{{- \"""" + TOOLS_AFTER + """\" }}
{%- elif messages[0].role == 'system' %}
{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- elif message.role == "assistant" %}
{{- '<|im_start|>assistant\\n' }}
{%- if message.reasoning_content %}
{{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}
{%- endif %}
{%- if message.content %}{{- message.content }}{%- endif %}
{%- if message.tool_calls %}
{%- for tool_call in message.tool_calls %}
{%- if (loop.first and message.content) or (not loop.first) %}{{- '\\n' }}{%- endif %}
{%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}
{{- '<tool_call>\\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}
{%- if tool_call.arguments is string %}
{{- tool_call.arguments }}
{%- else %}
{{- tool_call.arguments | tojson }}
{%- endif %}
{{- '}\\n</tool_call>' }}
{%- endfor %}
{%- endif %}
{{- '<|im_end|>\\n' }}
{%- elif message.role == "tool" %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content }}
{{- '\\n</tool_response><|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- set last = messages[-1] %}
{%- set u = last.content if last.content is string else '' %}
""" + RULES + """
{%- endif %}"""
)


def byte_alphabet():
    """GPT-2's printable stand-in for each of the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain}
    letters.update({byte: chr(256 + place) for place, byte in enumerate(others)})
    return letters


class Vocabulary:
    """Tokens by number, and which token follows which."""

    NORMAL, CONTROL, USER_DEFINED = 1, 3, 4

    def __init__(self):
        self.alphabet = byte_alphabet()
        self.tokens = [self.alphabet[byte] for byte in range(256)]
        self.kinds = [self.NORMAL] * 256
        self.numbers = {token: number for number, token in enumerate(self.tokens)}
        self.merges = []
        self.followers = []
        for text in ("<|endoftext|>", "<|im_start|>", "<|im_end|>"):
            self.add(text, self.CONTROL)
        for text in ("<tool_call>", "</tool_call>", "<think>", "</think>"):
            self.add(text, self.USER_DEFINED)
        for left, right in (("t", "h"), ("i", "n")):
            self.merges.append(f"{left} {right}")
            self.add(left + right, self.NORMAL)

    def add(self, token, kind):
        if token in self.numbers:
            raise SystemExit(f"duplicate token {token}")
        self.numbers[token] = len(self.tokens)
        self.tokens.append(token)
        self.kinds.append(kind)
        return self.numbers[token]

    def encoded(self, text):
        return "".join(self.alphabet[byte] for byte in text.encode())

    def add_script(self, name, text):
        previous = self.add(f"<|s:{name}|>", self.CONTROL)
        marks = r"(<tool_call>|</tool_call>|<think>|</think>)|(?<=\s)"
        parts = [part for part in re.split(marks, text) if part]
        while parts:
            piece = parts.pop(0)
            # Every step is a token of its own: one that is taken grows by what follows it.
            while self.encoded(piece) in self.numbers and parts:
                piece += parts.pop(0)
            while self.encoded(piece) in self.numbers:
                piece += " "
            current = self.add(self.encoded(piece), self.NORMAL)
            self.followers.append((previous, current))
            previous = current
        self.followers.append((previous, self.numbers["<|im_end|>"]))


def write(vocabulary, path):
    count = len(vocabulary.tokens)
    width = -(-count // 64) * 64
    heads, feed_forward = 4, 32
    table = numpy.random.default_rng(7).standard_normal((count, count)).astype(numpy.float32)
    table *= 0.05
    table[:, 256:] -= 0.5  # Free text prefers plain bytes.
    for previous, following in vocabulary.followers:
        table[following, previous] = 3.0

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-scripted")
    writer.add_context_length(16384)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(count)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.kinds)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary.numbers["<|endoftext|>"])
    writer.add_eos_token_id(vocabulary.numbers["<|im_end|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)

    # One-hot embeddings, attention and feed-forward of zeros: only the table speaks.
    def zeros(*shape):
        return numpy.zeros(shape, numpy.float32)

    embedding, output = zeros(count, width), zeros(count, width)
    embedding[numpy.arange(count), numpy.arange(count)] = 1
    output[:, :count] = table
    ones = numpy.ones(width, numpy.float32)
    tensors = {
        "token_embd.weight": embedding,
        "output_norm.weight": ones,
        "output.weight": output,
        "blk.0.attn_norm.weight": ones,
        "blk.0.ffn_norm.weight": ones,
        "blk.0.ffn_gate.weight": zeros(feed_forward, width),
        "blk.0.ffn_up.weight": zeros(feed_forward, width),
        "blk.0.ffn_down.weight": zeros(width, feed_forward),
    }
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        tensors[f"blk.0.{name}.weight"] = zeros(width, width)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    vocabulary = Vocabulary()
    for name, text in SCRIPTS.items():
        vocabulary.add_script(name, text)
    write(vocabulary, sys.argv[1])


main()
