"""Asks the server over HTTP. KEY is a key of the service that may do everything."""

import json
import os
import threading
import unittest
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer

import orders

OWNER = os.environ["KEY"]


def call(url, key, method="GET", body=None):
    headers = {"x-api-key": key, "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def make_key(*scopes):
    url = f"{orders.SERVICE}/v1/identity/api-keys"
    status, body = call(url, OWNER, "POST", {"name": "Example", "scopes": scopes})
    assert status == 201, f"{orders.SERVICE} gives no key to KEY"
    made = json.loads(body)
    return made["plain_text_key"], lambda: call(f"{url}/{made['id']}", OWNER, "DELETE")


class OrdersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        orders.OWN_KEY, _ = make_key("api_keys:verify")
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), orders.Orders)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def test_a_key_opens_the_route_until_it_is_revoked(self):
        key, revoke = make_key("orders:read")
        self.assertEqual(call(self.url, key)[0], 200)
        revoke()
        self.assertEqual(call(self.url, key)[0], 401)

    def test_a_key_without_the_scope_is_refused(self):
        key, _ = make_key("invoices:read")
        self.assertEqual(call(self.url, key)[0], 403)

    def test_no_key_and_a_wrong_key_are_refused(self):
        self.assertEqual([call(self.url, key)[0] for key in ("", "fth_live_junk")], [401, 401])

    def test_without_the_service_nobody_passes(self):
        key, _ = make_key("orders:read")
        service, orders.SERVICE = orders.SERVICE, "http://127.0.0.1:9"
        try:
            self.assertEqual(call(self.url, key)[0], 503)
        finally:
            orders.SERVICE = service


if __name__ == "__main__":
    unittest.main()
