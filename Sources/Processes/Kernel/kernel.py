"""Runs code in the sandbox: the program's own small Python kernel.

Requests come on standard input and events leave on what was standard output, one JSON object a
line. No line is longer than a pipe takes at once, so that what forked processes tell never mixes.
The host believes nothing of it: the code that runs here can reach all of this.
"""

import ast
import codecs
import importlib.abc
import importlib.util
import io
import json
import linecache
import os
import signal
import stat
import sys
import threading
import time
import traceback
import types

if sys.version_info < (3, 9):
    sys.exit("Python 3.9 or later is needed, and this is %d.%d." % sys.version_info[:2])

FOLDER = "/mnt/data"
IMAGES = FOLDER + "/.images"
# The most text of one cell, in characters; the host counts again, in bytes.
OUTPUT_LIMIT = int(sys.argv[1])
# With its escapes a piece of text stays below the 4096 bytes that a pipe takes at once.
PIECE = 600
FILE_LIMIT = 10000
# Text without the end of its line waits so many seconds.
SLOW = 0.05
PROCESS = os.getpid()

# Descriptors of our own are not inherited by programs that the code starts.
requests = open(os.dup(0), "rb")
events = os.dup(1)
# What programs print goes to a file that has no name, and from there into the events.
printed = os.open("/tmp", os.O_RDWR | os.O_TMPFILE | os.O_APPEND, 0o600)
nothing = os.open("/dev/null", os.O_RDONLY)
for descriptor, target in (nothing, 0), (printed, 1), (printed, 2):
    os.dup2(descriptor, target)


def send(event, **fields):
    fields["event"] = event
    line = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    os.write(events, line.encode("utf-8", "replace") + b"\n")


class Output:
    """How much of a cell's text there is room for, and what programs have printed."""

    room = 0
    # How much of what programs printed was sent.
    place = 0

    def __init__(self):
        self.renew()

    def renew(self):
        """Who held the lock is not there in a process that was forked."""
        self.lock = threading.RLock()
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def begin(self):
        with self.lock:
            self.room = OUTPUT_LIMIT
            self.place = 0
            os.ftruncate(printed, 0)
            self.decoder.reset()

    def send(self, text, source):
        with self.lock:
            if not text or self.room < 0:
                return
            part, self.room = text[: self.room], self.room - len(text)
            for start in range(0, len(part), PIECE):
                send("text", source=source, text=part[start : start + PIECE])
            if self.room < 0:
                send("cut")

    def collect(self, final=False):
        """Sends what programs have printed since the last time."""
        # A process that was forked has no place of its own in it.
        if os.getpid() != PROCESS:
            return
        with self.lock:
            if self.room < 0:
                # Nobody hears it any more: it only takes memory.
                os.ftruncate(printed, 0)
                return
            data = os.pread(printed, 4 * OUTPUT_LIMIT + 4, self.place)
            self.place += len(data)
            self.send(self.decoder.decode(data, final), "stdout")

    def watch(self):
        """Sends what programs print while nobody else looks."""
        while True:
            time.sleep(0.1)
            self.collect()
            for stream in streams:
                stream.flush_slow()


class Stream(io.TextIOBase):
    """Standard output or error: a line is sent when it ends, and slow text before."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name, descriptor):
        self.name = name
        self.descriptor = descriptor
        self.pending = ""
        self.since = 0.0
        self.buffer = Bytes(self)

    def writable(self):
        return True

    def fileno(self):
        return self.descriptor

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        now = time.monotonic()
        with output.lock:
            if not self.pending:
                self.since = now
            self.pending += text
            if "\n" in text or len(self.pending) > PIECE or now - self.since > SLOW:
                self.flush()
        return len(text)

    def flush_slow(self):
        """Sends what waits for the end of its line for too long."""
        with output.lock:
            if self.pending and time.monotonic() - self.since > SLOW:
                self.flush()

    def flush(self):
        with output.lock:
            text, self.pending = self.pending, ""
            output.collect()
            output.send(text, self.name)


class Bytes(io.RawIOBase):
    """What `sys.stdout.buffer` is elsewhere."""

    def __init__(self, stream):
        self.stream = stream

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        self.stream.write(data.decode("utf-8", "replace"))
        return len(data)

    def flush(self):
        self.stream.flush()


output = Output()
streams = Stream("stdout", 1), Stream("stderr", 2)


class Images:
    """Hands images over as files; the host takes them away."""

    count = 0

    def path(self):
        self.count += 1
        os.makedirs(IMAGES, exist_ok=True)
        return "%s/%06d.png" % (IMAGES, self.count)

    def send(self, path):
        for stream in streams:
            stream.flush()
        send("image", name=os.path.relpath(path, FOLDER))

    def show_figures(self, *_, **__):
        """Sends every open figure and closes it: what `plt.show()` does here."""
        plots = sys.modules.get("matplotlib.pyplot")
        if plots is None or not hasattr(plots, "get_fignums"):
            return
        try:
            for number in plots.get_fignums():
                path = self.path()
                plots.figure(number).savefig(path, format="png")
                self.send(path)
        finally:
            plots.close("all")

    def close_figures(self):
        """Closes those of code that failed: they are not the next cell's."""
        try:
            sys.modules["matplotlib.pyplot"].close("all")
        except Exception:
            pass


images = Images()


class Backend(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes the module by which matplotlib draws, only once it is asked for."""

    def find_spec(self, name, path, target=None):
        if name == "switchboard_figures":
            return importlib.util.spec_from_loader(name, self)
        return None

    def exec_module(self, module):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        module.FigureCanvas = FigureCanvasAgg
        module.show = images.show_figures


class Cells:
    """Runs cells one after the other in one namespace."""

    def __init__(self):
        self.main = types.ModuleType("__main__")
        sys.modules["__main__"] = self.main
        self.is_running = False

    def interrupt(self, *_):
        if self.is_running:
            raise KeyboardInterrupt

    def terminate(self, *_):
        """Is nothing to us: programs mean the group that they think they have of their own."""
        if os.getpid() != PROCESS:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)

    def run(self, number, code):
        sys.stdin = open(0, closefd=False)
        sys.stdout, sys.stderr = streams
        output.begin()
        before = listing()
        ending = {"state": "interrupted"}
        try:
            try:
                self.is_running = True
                # Who wanted to stop it before this was not heard.
                send("begun", cell=number)
                ending = self.attempt("<cell %s>" % number, code)
            finally:
                self.is_running = False
        except KeyboardInterrupt:
            self.is_running = False
        # A process that the code forked and did not end.
        if os.getpid() != PROCESS:
            os._exit(0)
        for stream in streams:
            stream.flush()
        output.collect(final=True)
        for name in changed(before):
            send("file", name=name)
        send("done", cell=number, **ending)

    def attempt(self, name, code):
        try:
            self.execute(name, code)
            images.show_figures()
            return {"state": "ok"}
        except SystemExit as left:
            if isinstance(left.code, str):
                streams[1].write(left.code + "\n")
            images.close_figures()
            # As the system has it, however large it is or what it does.
            number = left.code if isinstance(left.code, int) else left.code is not None
            return {"state": "exit", "status": int.__and__(number, 0xFF)}
        except BaseException as error:
            images.close_figures()
            streams[1].write(self.explain(error))
            state = "interrupted" if isinstance(error, KeyboardInterrupt) else "error"
            return {"state": state, "error": type(error).__name__[:200]}

    def execute(self, name, code):
        lines = code.splitlines(True)
        linecache.cache[name] = (len(code), None, lines, name)
        tree = ast.parse(code, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec"), self.main.__dict__)
        if last is not None:
            self.show(eval(compile(last, name, "eval"), self.main.__dict__))

    def show(self, value):
        if value is None:
            return
        self.main._ = value
        picture = getattr(type(value), "_repr_png_", None)
        data = picture(value) if picture else None
        if isinstance(data, bytes):
            path = images.path()
            with open(path, "wb") as file:
                file.write(data)
            images.send(path)
        else:
            text = repr(value) + "\n"
            for stream in streams:
                stream.flush()
            output.send(text, "result")

    def explain(self, error):
        """The traceback, without our own frames."""
        try:
            place = error.__traceback__
            while place and not place.tb_frame.f_code.co_filename.startswith("<cell "):
                place = place.tb_next
            return "".join(traceback.format_exception(type(error), error, place))
        except BaseException:
            return type(error).__name__ + "\n"


def listing():
    """Every file that is not hidden, with what tells a change."""
    found = {}
    for folder, folders, files in os.walk(FOLDER):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = os.path.join(folder, name)
            try:
                status = os.lstat(path)
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) and not name.startswith("."):
                found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        if len(found) > FILE_LIMIT:
            break
    return found


def changed(before):
    after = listing()
    names = sorted(path for path in after if before.get(path) != after[path])
    relative = (os.path.relpath(path, FOLDER) for path in names[:200] if len(path) < PIECE)
    # Names that are not text cannot be told.
    return [name for name in relative if name.isprintable()]


def serve():
    sys.meta_path.append(Backend())
    # After what is installed: a file of the thread's can be imported and hides nothing.
    sys.path.append(FOLDER)
    sys.argv = [""]
    cells = Cells()
    signal.signal(signal.SIGINT, cells.interrupt)
    signal.signal(signal.SIGTERM, cells.terminate)
    os.register_at_fork(after_in_child=output.renew)
    threading.Thread(target=output.watch, daemon=True).start()
    packages = [
        name for name in ("matplotlib", "numpy", "pandas") if importlib.util.find_spec(name)
    ]
    send("ready", python="%d.%d.%d" % sys.version_info[:3], packages=packages)
    while True:
        try:
            line = requests.readline()
            if not line:
                return
            request = json.loads(line)
            cells.run(request["cell"], request["code"])
        except KeyboardInterrupt:
            # It came between two steps of ours; the host kills what it cannot interrupt.
            continue


serve()
