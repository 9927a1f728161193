// An HTTP server whose routes are guarded by the keys of a running Feather Identity service.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

// Verdict is what the service says of a key.
type Verdict struct {
	Valid          bool     `json:"valid"`
	Reason         string   `json:"reason"`
	MissingScopes  []string `json:"missing_scopes"`
	OrganizationID string   `json:"organization_id"`
}

// Keys asks a service about keys.
type Keys struct {
	Service string // its address, without /v1
	OwnKey  string // a key of the service with the scope api_keys:verify
}

var client = &http.Client{Timeout: 2 * time.Second}

// Verify returns an error where there is no verdict: nobody may pass then.
func (k Keys) Verify(key, address string, scopes ...string) (verdict Verdict, err error) {
	body, err := json.Marshal(map[string]any{"key": key, "address": address, "scopes": scopes})
	if err != nil {
		return verdict, err
	}
	request, err := http.NewRequest("POST", k.Service+"/v1/identity/api-keys/verify", bytes.NewReader(body))
	if err != nil {
		return verdict, err
	}
	request.Header.Set("x-api-key", k.OwnKey)
	request.Header.Set("content-type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return verdict, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return verdict, fmt.Errorf("the service answered %s", response.Status)
	}
	return verdict, json.NewDecoder(response.Body).Decode(&verdict)
}

// Require serves next to those whose key has the scopes.
func (k Keys) Require(next http.Handler, scopes ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("x-api-key")
		if key == "" {
			http.Error(w, "authentication_required", http.StatusUnauthorized)
			return
		}
		address, _, _ := net.SplitHostPort(r.RemoteAddr)
		verdict, err := k.Verify(key, address, scopes...)
		switch {
		case err != nil:
			http.Error(w, "service_unavailable", http.StatusServiceUnavailable)
		case verdict.Valid:
			next.ServeHTTP(w, r)
		case verdict.Reason == "insufficient_scope":
			http.Error(w, fmt.Sprint("missing scopes: ", verdict.MissingScopes), http.StatusForbidden)
		default:
			http.Error(w, "authentication_required", http.StatusUnauthorized)
		}
	})
}

func listOrders(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, `{"orders":["tea"]}`)
}

func main() {
	keys := Keys{Service: setting("IDENTITY_URL", "http://localhost:8000"), OwnKey: os.Getenv("IDENTITY_API_KEY")}
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "3000"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Listening on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, keys.Require(http.HandlerFunc(listOrders), "orders:read")))
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
