#!/bin/sh
# Writes local.settings.json for 'func start' on this machine against the services that were just made. It has
# addresses and no keys: whoever is signed in to Azure signs in, with the roles that rbac.bicep gave to principalId.
# What the vault keeps stays there; the development keys of the sample stand in. Run by azd, from the root.
set -eu

file=local.settings.json
if [ -f "$file" ] && ! grep -q '"//": "made by infra/hooks/postprovision.sh"' "$file"; then
  echo "$file was written by somebody else and is left alone."
  exit 0
fi

node - "$file" <<'JS'
const { readFileSync, writeFileSync } = require('node:fs');
const { env } = process;
const settings = JSON.parse(readFileSync('local.settings.sample.json', 'utf8'));
const need = (name) => env[name] || (() => { throw new Error(`azd gave no ${name}`); })();
const values = settings.Values;
delete values.EventHubs;
delete values.Cosmos;
delete values.Blobs;
delete values.AzureSignalRConnectionString;
Object.assign(values, {
  TicksHub: need('TICKS_HUB'),
  EventHubs__fullyQualifiedNamespace: need('EVENTHUBS_FULLY_QUALIFIED_NAMESPACE'),
  Cosmos__accountEndpoint: need('COSMOS_ACCOUNT_ENDPOINT'),
  Blobs__serviceUri: need('BLOBS_SERVICE_URI'),
  AzureSignalRConnectionString__serviceUri: need('SIGNALR_SERVICE_URI'),
});
const made = { '//': 'made by infra/hooks/postprovision.sh', ...settings };
writeFileSync(process.argv[2], `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
JS
echo "$file names the services of $AZURE_ENV_NAME. Delete it to develop without Azure."
