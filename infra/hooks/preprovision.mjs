// Makes the keys that FinVault signs and encrypts with, once for each azd environment, and notes since when the budget
// counts. docs/operating/key-rotation.md says how a key is changed. An azd environment of a build server lasts as long as
// its run: there the keys come from its secrets, and none is made.
import { randomBytes } from 'node:crypto';
import { env } from 'node:process';
import { environment, hook, run } from './azure.mjs';

const key = () => randomBytes(32).toString('base64');

await hook(() => {
  const known = environment();
  const make = (name, value) => {
    if (known(name)) return;
    if (env.CI) {
      throw new Error(`Set ${name} as a secret of this environment: new keys would sign everybody out and open nothing that is encrypted.`);
    }
    run('azd', 'env', 'set', name, value);
  };

  for (const name of ['IDENTITY_ACCESS_TOKEN_KEYS', 'IDENTITY_REFRESH_TOKEN_KEYS', 'IDENTITY_SECRET_KEYS']) {
    make(name, `k1:${key()}`);
  }
  // Codes of gift cards come from this one: another key finds none of those that were won.
  make('GIFT_CARD_KEY', key());
  if (!known('BUDGET_START')) run('azd', 'env', 'set', 'BUDGET_START', `${new Date().toISOString().slice(0, 7)}-01`);

  // Where the app is there already, SignalR goes on calling it while this provisions.
  const [group, app] = [known('AZURE_RESOURCE_GROUP'), known('SERVICE_API_NAME')];
  if (known('SIGNALR_EXTENSION_KEY') || !group || !app) return;
  let found = '';
  try {
    found = run('az', 'functionapp', 'keys', 'list', '--resource-group', group, '--name', app,
      '--query', 'systemKeys.signalr_extension', '--output', 'tsv');
  } catch (failure) {
    // It may never have started; postdeploy asks again, and insists.
    console.error(failure.message);
  }
  if (found) run('azd', 'env', 'set', 'SIGNALR_EXTENSION_KEY', found);
});
