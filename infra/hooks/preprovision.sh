#!/bin/sh
# Makes the keys that FinVault signs and encrypts with, once for each azd environment, and notes since when the budget
# counts. docs/operating/key-rotation.md says how a key is changed. An azd environment of a build server lasts as long as
# its run: there the keys come from its secrets, and none is made.
set -eu

known=$(azd env get-values)
has() {
  eval "given=\${$1:-}"
  [ -n "$given" ] || [ -n "$(printf '%s\n' "$known" | sed -n "s/^$1=//p" | tr -d '"')" ]
}

# make NAME VALUE: keeps it where there is none yet.
make() {
  has "$1" && return
  if [ -n "${CI:-}" ]; then
    echo "Set $1 as a secret of this environment: new keys would sign everybody out and open nothing that is encrypted." >&2
    exit 1
  fi
  azd env set "$1" "$2"
}

for name in IDENTITY_ACCESS_TOKEN_KEYS IDENTITY_REFRESH_TOKEN_KEYS IDENTITY_SECRET_KEYS; do
  make "$name" "k1:$(openssl rand -base64 32)"
done
# Codes of gift cards come from this one: another key finds none of those that were won.
make GIFT_CARD_KEY "$(openssl rand -base64 32)"
has BUDGET_START || azd env set BUDGET_START "$(date -u +%Y-%m-01)"

# Where the app is there already, SignalR goes on calling it while this provisions.
if ! has SIGNALR_EXTENSION_KEY && has SERVICE_API_NAME && has AZURE_RESOURCE_GROUP; then
  value() { printf '%s\n' "$known" | sed -n "s/^$1=//p" | tr -d '"'; }
  key=$(az functionapp keys list --resource-group "$(value AZURE_RESOURCE_GROUP)" --name "$(value SERVICE_API_NAME)" \
    --query systemKeys.signalr_extension --output tsv || true)
  [ -z "$key" ] || azd env set SIGNALR_EXTENSION_KEY "$key"
fi
