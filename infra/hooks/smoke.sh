#!/bin/sh
# infra/hooks/smoke.mjs by a shorter name.
exec node "$(dirname "$0")/smoke.mjs" "$@"
