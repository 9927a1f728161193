package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// The service, and a key of it that may do everything.
var service, owner = setting("IDENTITY_URL", "http://localhost:8000"), os.Getenv("KEY")

func call(t *testing.T, method, url, key string, body any) (int, map[string]any) {
	t.Helper()
	text, _ := json.Marshal(body)
	request, _ := http.NewRequest(method, url, bytes.NewReader(text))
	request.Header.Set("x-api-key", key)
	request.Header.Set("content-type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer := map[string]any{}
	_ = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, answer
}

func makeKey(t *testing.T, scopes ...string) (key string, revoke func()) {
	t.Helper()
	url := service + "/v1/identity/api-keys"
	status, made := call(t, "POST", url, owner, map[string]any{"name": "Example", "scopes": scopes})
	if status != http.StatusCreated {
		t.Fatalf("%s gives no key to KEY: %d", service, status)
	}
	return made["plain_text_key"].(string), func() { call(t, "DELETE", url+"/"+made["id"].(string), owner, nil) }
}

func TestOrders(t *testing.T) {
	ownKey, _ := makeKey(t, "api_keys:verify")
	guarded := func(service string) string {
		keys := Keys{Service: service, OwnKey: ownKey}
		server := httptest.NewServer(keys.Require(http.HandlerFunc(listOrders), "orders:read"))
		t.Cleanup(server.Close)
		return server.URL
	}
	reader, revoke := makeKey(t, "orders:read")
	other, _ := makeKey(t, "invoices:read")
	url, cutOff := guarded(service), guarded("http://127.0.0.1:9")
	expect := func(what, url, key string, expected int) {
		t.Helper()
		if status, _ := call(t, "GET", url, key, nil); status != expected {
			t.Errorf("%s: %d, not %d", what, status, expected)
		}
	}
	expect("a key with the scope", url, reader, http.StatusOK)
	expect("a key without the scope", url, other, http.StatusForbidden)
	expect("no key", url, "", http.StatusUnauthorized)
	expect("a wrong key", url, "fth_live_junk", http.StatusUnauthorized)
	expect("no service", cutOff, reader, http.StatusServiceUnavailable)
	revoke()
	expect("a revoked key", url, reader, http.StatusUnauthorized)
}
