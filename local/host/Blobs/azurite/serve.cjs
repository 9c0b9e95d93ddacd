// Azurite's blob service, which ends with whoever started it: also when that was killed, its standard input closes.
'use strict';

const PATIENCE_MS = 5_000;

// Ctrl-C in a terminal reaches this process too, while its owner still finishes what runs.
const once = process.once.bind(process);
process.once = (event, listener) => (event === 'SIGINT' ? process : once(event, listener));
process.on('SIGINT', () => {});

function end() {
  setTimeout(() => process.exit(0), PATIENCE_MS).unref();
  if (!process.emit('SIGTERM')) process.exit(0);
}

process.stdin.once('end', end).once('error', end).resume();

require('azurite/dist/src/blob/main.js');
