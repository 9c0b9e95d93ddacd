// What the hooks share: the environment that azd keeps, and the two programs that they call.
import { spawnSync } from 'node:child_process';
import { env, platform } from 'node:process';

// The Azure CLI is a .cmd on Windows, which only a shell starts: what is handed over stands in quotes there.
const call = (program, values) => platform === 'win32'
  ? spawnSync([program, ...values.map((value) => `"${value.replaceAll('"', '""')}"`)].join(' '), { encoding: 'utf8', shell: true })
  : spawnSync(program, values, { encoding: 'utf8' });

/** Runs a program and gives what it printed; an error that says why where it fails. */
export function run(program, ...values) {
  const { error, status, stdout, stderr } = call(program, values);
  if (error || status !== 0) throw new Error(`${program} ${values.slice(0, 3).join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout.trim();
}

/** The values of this azd environment, those of the process before those that are kept. */
export function environment() {
  const kept = Object.fromEntries(run('azd', 'env', 'get-values').split(/\r?\n/)
    .map((line) => /^([A-Z_0-9]+)="?(.*?)"?$/.exec(line)?.slice(1)).filter(Boolean));
  return (name) => env[name] || kept[name] || '';
}

/** Ends with 1 and one sentence, not with a stack of calls. */
export async function hook(main) {
  try {
    await main();
  } catch (failure) {
    console.error(failure.message);
    process.exitCode = 1;
  }
}
