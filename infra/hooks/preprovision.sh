#!/bin/sh
# Makes the keys that FinVault signs and encrypts with, once for each azd environment. To rotate one, put a new
# kid:BASE64 in front of the old one, separated by ';', and provision again; take the old one away when nothing lives
# that it signed (7 days for tokens; never for what is encrypted, until it was written anew).
set -eu

for name in IDENTITY_ACCESS_TOKEN_KEYS IDENTITY_REFRESH_TOKEN_KEYS IDENTITY_SECRET_KEYS; do
  if [ -z "$(azd env get-values | sed -n "s/^$name=//p" | tr -d '"')" ]; then
    azd env set "$name" "k1:$(openssl rand -base64 32)"
  fi
done
