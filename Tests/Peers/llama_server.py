#!/usr/bin/env python3
"""Serves a model file with the genuine llama.cpp HTTP server, which the PyPI wheel xllamacpp holds.

usage: llama_server.py MODEL [--port N] [--context N] [--parallel N] [--api-key K] [--alias NAME]

Port 0, the default, takes a free one. Prints "READY http://127.0.0.1:PORT" when it answers, and
stays until its standard input ends, or SIGTERM or SIGINT: whoever holds the other end of the pipe
need not be alive to stop it.
"""
import argparse
import os
import signal
import sys
import threading

import xllamacpp


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--context", type=int, default=8192, help="tokens for all slots together")
    parser.add_argument("--parallel", type=int, default=2, help="requests answered at once")
    parser.add_argument("--api-key")
    parser.add_argument("--embeddings", action="store_true", help="answer these too")
    parser.add_argument("--alias", default="tiny-scripted")
    return parser.parse_args()


def parameters(options):
    common = xllamacpp.CommonParams()
    common.model.path = options.model
    common.model_alias = {options.alias}
    common.n_ctx = options.context
    common.n_parallel = options.parallel
    common.hostnames = ["127.0.0.1"]
    common.port = options.port
    common.use_jinja = True
    common.warmup = False
    common.n_predict = 512
    common.cpuparams.n_threads = 1
    common.n_threads_http = 4
    common.endpoint_metrics = True
    common.endpoint_slots = True
    if hasattr(common, "ui"):
        common.ui = False
    if options.embeddings:
        common.embedding = True
        common.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    if options.api_key:
        common.api_keys = [options.api_key]
    return common


def main():
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    def wait_for_end_of_input():
        while sys.stdin.buffer.read1(4096):
            pass
        ended.set()

    server = xllamacpp.Server(parameters(arguments()))
    print("READY", server.listening_address, flush=True)
    threading.Thread(target=wait_for_end_of_input, daemon=True).start()
    ended.wait()
    # The server's own threads may hold a request open; nobody waits for it any more.
    os._exit(0)


main()
