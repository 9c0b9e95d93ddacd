#!/bin/sh
# Prints "run=ID": the run of Deploy that is named, or the one before the newest that went well. Needs gh and GH_TOKEN.
set -eu

if [ -n "${1:-}" ]; then
  echo "run=$1"
  exit 0
fi

# A failed promotion is no success, so the newest success is the one to go back to; a bad one that passed is the newest.
newest=$(gh run list --workflow deploy.yml --branch main --limit 1 --json databaseId,conclusion \
  --jq '.[0] | select(.conclusion == "success") | .databaseId')
previous=$(gh run list --workflow deploy.yml --branch main --status success --limit 2 --json databaseId \
  --jq "[.[].databaseId | select(tostring != \"$newest\")][0] // empty")
if [ -z "$previous" ]; then
  echo "There is no earlier deployment that went well." >&2
  exit 1
fi
echo "run=$previous"
