"""A small server that speaks the protocol of chat completions, and misbehaves when asked to.

No model is behind it: what it answers follows from the words of the question by rules given here.
"""

import json
import math
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-test-not-a-secret-0123456789"


def weights_of(words, options):
    """A rule of thumb: who trusts gives; an option's own words decide, not its letter."""
    found = []
    for option in options:
        worth = 0.3 * ("half" in option) - 0.2 * ("everything" in option)
        gives = "give" in option
        worth += gives * (1.0 * ("high" in words) - 1.0 * ("low" in words))
        worth += gives * (0.5 * ("nurse" in words) - 0.5 * ("trader" in words))
        found.append(math.exp(worth))
    return [w / sum(found) for w in found]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Say nothing."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        with server.lock:
            server.seen.append(body)
            server.headers.append(dict(self.headers))
            number = len(server.seen)
            fault = server.faults.pop(0) if server.faults else None
        if server.only_key and self.headers.get("Authorization") != f"Bearer {server.only_key}":
            said = f"wrong key {self.headers.get('Authorization')}"
            return self.reply(401, {"error": {"message": said}})
        return getattr(self, f"fault_{fault}")(body) if fault else self.answer(body, number)

    def answer(self, body, number):
        words = body["messages"][-1]["content"]
        lines = [line for line in words.splitlines() if line[1:3] == ". "]
        weights = weights_of(words, lines)
        usage = {"prompt_tokens": len(words) // 4, "completion_tokens": 20}
        if body.get("logprobs"):
            pairs = zip(lines, weights, strict=False)
            top = [{"token": line[0], "logprob": math.log(weight)} for line, weight in pairs]
            choice = {"message": {"content": "A"}, "logprobs": {"content": [{"top_logprobs": top}]}}
        elif "response_format" not in body:
            choice = {"message": {"content": f"I can tell you that much: {len(words)} letters."}}
        elif "choice" in body["response_format"]["json_schema"]["schema"]["properties"]:
            draw = (number * 0.6180339887) % 1.0  # golden steps: shares come out evenly
            at = 0
            while at < len(weights) - 1 and draw >= sum(weights[: at + 1]):
                at += 1
            choice = {"message": {"content": json.dumps({"choice": lines[at][0]})}}
        else:
            shares = {line[0]: round(100 * w, 2) for line, w in zip(lines, weights, strict=True)}
            choice = {"message": {"content": json.dumps({"shares": shares})}}
        return self.reply(200, {"choices": [choice], "usage": usage})

    def fault_slow(self, body):
        time.sleep(self.server.slowness)
        self.reply(200, {})

    def fault_busy(self, body):
        self.reply(429, {"error": {"message": "slower"}}, {"Retry-After": "0.01"})

    def fault_broken(self, body):
        self.reply(500, {"error": "sorry"})

    def fault_cut(self, body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        self.close_connection = True

    def fault_html(self, body):
        self.send(200, b"<html>")

    def fault_malformed(self, body):
        self.content("{'shares': ")

    def fault_refused(self, body):
        self.reply(200, {"choices": [{"message": {"refusal": "I cannot", "content": None}}]})

    def fault_off_schema(self, body):
        self.content(json.dumps({"shares": {"A": 100, "Z": 0}}))

    def fault_negative(self, body):
        self.content(json.dumps({"shares": {"A": 140, "B": -40, "C": 0}}))

    def fault_half(self, body):
        self.content(json.dumps({"shares": {"A": 30, "B": 10, "C": 10}}))

    def fault_wrong(self, body):
        auth = self.headers.get("Authorization")
        self.reply(400, {"error": {"message": f"no such thing for {auth}"}})

    def content(self, text):
        usage = {"prompt_tokens": 50, "completion_tokens": 20}
        self.reply(200, {"choices": [{"message": {"content": text}}], "usage": usage})

    def reply(self, status, body, headers=()):
        self.send(status, json.dumps(body).encode(), dict(headers))

    def send(self, status, content, headers=()):
        self.send_response(status)
        for name, value in {**dict(headers), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class ChatServer(ThreadingHTTPServer):
    """Listens on a free port; `seen` are the bodies that came, `faults` what to do wrong next."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.seen, self.headers, self.faults = [], [], []
        self.only_key, self.slowness = None, 0.5

    def handle_error(self, *_):
        """Clients that went away are what some tests are about."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def serving():
    """A running server."""
    server = ChatServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
