"""Runs the documentation's Flask sample (page_sample.py, unchanged) and records what it received.

The sample reads WEBHOOK_SECRET at every request, so the contract tests set it after registration:

    POST /control/secret   "whsec_…"      the secret to verify with
    POST /control/answers  [503, 500]     statuses for the next requests, in place of the sample's
    GET  /control/requests                everything received so far
"""

import os
import sys
import threading

from flask import jsonify, request
from standardwebhooks.webhooks import Webhook
from werkzeug.serving import WSGIRequestHandler, make_server

import page_sample

app = page_sample.app
lock = threading.Lock()
answers = []
requests = []


def standard_verdict():
    try:
        Webhook(page_sample.WEBHOOK_SECRET).verify(request.get_data(), dict(request.headers))
        return "verified"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@app.before_request
def answer_as_told():
    if request.path.startswith("/control/"):
        return None
    request.get_data(cache=True)
    with lock:
        status = answers.pop(0) if answers else None
    return None if status is None else (jsonify({"answered": "as told"}), status)


@app.after_request
def record(response):
    if not request.path.startswith("/control/"):
        body = request.get_data()
        entry = {
            "method": request.method,
            "path": request.full_path.rstrip("?"),
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "rawHeaders": [part for pair in request.headers.items() for part in pair],
            "body": body.decode("utf-8"),
            "bodyBytes": len(body),
            "status": response.status_code,
            "standardWebhooks": standard_verdict(),
        }
        with lock:
            requests.append(entry)
    return response


@app.post("/control/secret")
def set_secret():
    page_sample.WEBHOOK_SECRET = request.get_json()
    return jsonify({"ok": True})


@app.post("/control/answers")
def set_answers():
    with lock:
        answers[:] = request.get_json()
    return jsonify({"ok": True})


@app.get("/control/requests")
def list_requests():
    with lock:
        return jsonify(requests)


class QuietHandler(WSGIRequestHandler):
    """Logs nothing: standard output belongs to the sample."""

    def log(self, *arguments):
        pass


def end_with_the_tests():
    """The tests hold the other end of stdin: when they end, however they end, so does this."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=end_with_the_tests, daemon=True).start()
    server.serve_forever()
