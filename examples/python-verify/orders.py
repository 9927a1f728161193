"""An HTTP server whose routes are guarded by the keys of a running Feather Identity service."""

import json
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVICE = os.environ.get("IDENTITY_URL", "http://localhost:8000")
# A key of the service with the scope api_keys:verify.
OWN_KEY = os.environ.get("IDENTITY_API_KEY", "")


def verify(key, address, *scopes):
    """What the service says of a key: {"valid": True, "caller": ...} or {"valid": False, "reason": ...}.

    Raises OSError where there is no answer, and where the service refuses OWN_KEY. Nobody may pass then.
    """
    request = urllib.request.Request(
        f"{SERVICE}/v1/identity/api-keys/verify",
        data=json.dumps({"key": key, "address": address, "scopes": scopes}).encode(),
        headers={"x-api-key": OWN_KEY, "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=2) as response:
        return json.load(response)


class Orders(BaseHTTPRequestHandler):
    def do_GET(self):
        key = self.headers.get("x-api-key", "")
        try:
            verdict = verify(key, self.client_address[0], "orders:read") if key else {"valid": False, "reason": "missing"}
        except OSError:
            return self.answer(503, {"error": "service_unavailable"})
        if verdict["valid"]:
            return self.answer(200, {"organization": verdict["organization_id"], "orders": ["tea"]})
        if verdict["reason"] == "insufficient_scope":
            return self.answer(403, {"missing_scopes": verdict["missing_scopes"]})
        return self.answer(401, {"error": "authentication_required"})

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Orders)
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
