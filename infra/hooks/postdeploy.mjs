// Tells SignalR where the app listens, then asks whether what was deployed is alive. The key in that address is made by
// the app's SignalR extension when it first starts, so it cannot be known while the resources are made. It is kept in
// the azd environment, so that the next 'azd provision' sets the same address.
import { environment, hook, run } from './azure.mjs';
import { smoke } from './smoke.mjs';

await hook(async () => {
  const known = environment();
  const need = (name) => {
    if (!known(name)) throw new Error(`azd knows no ${name}: was anything provisioned?`);
    return known(name);
  };
  const group = need('AZURE_RESOURCE_GROUP');
  const key = run('az', 'functionapp', 'keys', 'list', '--resource-group', group, '--name', need('SERVICE_API_NAME'),
    '--query', 'systemKeys.signalr_extension', '--output', 'tsv');
  if (!key) throw new Error("The app has no key named signalr_extension yet: has it started? Run 'azd deploy' again.");

  run('azd', 'env', 'set', 'SIGNALR_EXTENSION_KEY', key);
  run('az', 'signalr', 'upstream', 'update', '--resource-group', group, '--name', need('SIGNALR_NAME'), '--output', 'none',
    '--template', `url-template=${need('SERVICE_API_URI')}/runtime/webhooks/signalr?code=${key}`, 'hub-pattern=finvault',
    'category-pattern=*', 'event-pattern=*');
  console.log(`SignalR sends its messages to ${need('SERVICE_API_URI')}.`);

  if (!await smoke(need('PUBLIC_URI'))) process.exitCode = 1;
});
