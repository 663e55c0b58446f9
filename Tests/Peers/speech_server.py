"""Runs ../shared/servers/elevenlabs_stub.py on a free port, and says where it listens.

speech_server.py STUB LOG
"""
import http.server
import runpy
import sys


class Announcing(http.server.ThreadingHTTPServer):
    def __init__(self, address, handler):
        super().__init__(address, handler)
        print(f"READY http://127.0.0.1:{self.server_address[1]}", flush=True)


stub, log = sys.argv[1:]
http.server.ThreadingHTTPServer = Announcing
sys.argv = [stub, "0", log]
runpy.run_path(stub, run_name="__main__")
