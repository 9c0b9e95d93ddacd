#!/bin/sh
# Is what was deployed alive? Asks what needs no account: the process, its dependencies, the API's description, a public
# list, a refusal where a user is needed, and the web client where there is one. Retries while the app starts.
# Usage: smoke.sh BASE_URL [SECONDS]. Ends with 0 when all is well.
set -eu

base=${1:?usage: smoke.sh BASE_URL [SECONDS]}
base=${base%/}
until=$(($(date +%s) + ${2:-180}))
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# status PATH: the HTTP status, 000 when nobody answers; the body is left in $answer. By its own name: FinVault lets a
# nameless curl ask public routes five times a minute.
status() { curl -sS -m 20 -A finvault-smoke -o "$answer" -w '%{http_code}' "$base$1" 2>/dev/null || true; }

# expect STATUS PATH [TEXT]: until it answers so, or time is over.
expect() {
  while :; do
    got=$(status "$2")
    if [ "$got" = "$1" ] && { [ -z "${3:-}" ] || grep -q "$3" "$answer"; }; then
      echo "ok      $2 ($1)"
      return 0
    fi
    if [ "$(date +%s)" -ge "$until" ]; then
      echo "FAILED  $2: $got instead of $1${3:+ with $3}" >&2
      head -c 500 "$answer" >&2
      return 1
    fi
    sleep 2
  done
}

expect 200 /api/v1/health/live healthy
expect 200 /api/v1/health cosmos
expect 200 /api/v1/openapi.json '"openapi"'
expect 200 /api/v1/market/symbols
expect 401 /api/v1/profile
[ -n "${SMOKE_WITHOUT_WEB:-}" ] || expect 200 / '<div id="app">'
echo "All well at $base."
