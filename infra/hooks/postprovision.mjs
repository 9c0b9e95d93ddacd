// Writes local.settings.json for 'func start' on this machine against the services that were just made. It has
// addresses and no keys: whoever is signed in to Azure signs in, with the roles that rbac.bicep gave to principalId.
// What the vault keeps stays there; the development keys of the sample stand in. Run by azd, from the root.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { env } from 'node:process';
import { hook } from './azure.mjs';

const file = 'local.settings.json';
const mark = 'made by infra/hooks/postprovision';

await hook(() => {
  if (existsSync(file) && !readFileSync(file, 'utf8').includes(`"//": "${mark}`)) {
    console.log(`${file} was written by somebody else and is left alone.`);
    return;
  }

  const settings = JSON.parse(readFileSync('local.settings.sample.json', 'utf8'));
  const need = (name) => {
    if (!env[name]) throw new Error(`azd gave no ${name}.`);
    return env[name];
  };
  const values = settings.Values;
  for (const connection of ['EventHubs', 'Cosmos', 'Blobs', 'AzureSignalRConnectionString']) delete values[connection];
  Object.assign(values, {
    TicksHub: need('TICKS_HUB'),
    EventHubs__fullyQualifiedNamespace: need('EVENTHUBS_FULLY_QUALIFIED_NAMESPACE'),
    Cosmos__accountEndpoint: need('COSMOS_ACCOUNT_ENDPOINT'),
    Blobs__serviceUri: need('BLOBS_SERVICE_URI'),
    AzureSignalRConnectionString__serviceUri: need('SIGNALR_SERVICE_URI'),
  });
  writeFileSync(file, `${JSON.stringify({ '//': `${mark}.mjs`, ...settings }, null, 2)}\n`, { mode: 0o600 });
  console.log(`${file} names the services of ${need('AZURE_ENV_NAME')}. Delete it to develop without Azure.`);
});
