"""Runs a program of this folder against a server, and writes down every exchange between the two.

recorded.py FILE PROGRAM [ARGUMENT…]

The program finds a proxy under OPENAI_BASE_URL, which carries requests and answers as they are,
streams piece by piece. Each exchange becomes a line of JSON in FILE once its answer is over:
method, path with its query, status, content type, and the answer's body in base64.
"""
import base64
import http.client
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

target = urlsplit(os.environ["OPENAI_BASE_URL"])
# Said for one connection only, so each side has its own.
HOP = {"connection", "keep-alive", "transfer-encoding"}


class Carrier(BaseHTTPRequestHandler):
    """Carries the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def carry(self):
        length = self.headers.get("content-length")
        body = self.rfile.read(int(length)) if length else b""
        server = http.client.HTTPConnection(target.hostname, target.port)
        try:
            server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP:
                    server.putheader(name, value)
            server.endheaders(body)
            self.answer(server.getresponse())
        except ConnectionError:
            # The program has gone away, as it may.
            self.close_connection = True
        finally:
            server.close()

    do_GET = do_POST = do_DELETE = carry

    def answer(self, answer):
        is_chunked = answer.getheader("content-length") is None
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        if is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        body = b""
        try:
            while piece := answer.read1(1 << 16):
                body += piece
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
        finally:
            # Before the program learns of the end: when it ends, all is written.
            self.server.note(
                {
                    "method": self.command, "path": self.path, "status": answer.status,
                    "type": answer.getheader("content-type", ""),
                    "body": base64.b64encode(body).decode(),
                }
            )
        if is_chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


class Recorder(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, file):
        super().__init__(("127.0.0.1", 0), Carrier)
        self.file, self.lock = file, threading.Lock()

    def note(self, exchange):
        with self.lock:
            self.file.write(json.dumps(exchange) + "\n")
            self.file.flush()

    def handle_error(self, request, client_address):
        # A connection that its program closed; everything else is said.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    path, program, *arguments = sys.argv[1:]
    with open(path, "a") as file:
        recorder = Recorder(file)
        threading.Thread(target=recorder.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{recorder.server_port}{target.path}"
        script = str(Path(__file__).parent / program)
        run = subprocess.run(
            [sys.executable, script, *arguments], env={**os.environ, "OPENAI_BASE_URL": address}
        )
    sys.exit(run.returncode)


main()
