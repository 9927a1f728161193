import { ApiClient } from '../api-client.mjs';
import { CreatedKeys } from '../created-keys.mjs';
import { UsageError } from '../options.mjs';
import { Secrets } from '../secrets.mjs';
import { FuzzRun } from './fuzz-run.mjs';
import { HELP, readFuzzOptions } from './options.mjs';
import { OwnService } from './own-service.mjs';

/** How much more memory the service may hold at the end than after the first tenth of the requests, in bytes. */
const MEMORY_BOUND = 64 * 1024 * 1024;

/** Runs the fuzzer. Resolves with the exit status: 0 without a fault, 1 with one, 2 when it was called wrongly. */
export async function runFuzz(args, print) {
  /** @type {any} */
  let options;
  try {
    options = readFuzzOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`fuzz: ${error.message} ${HELP}\n`);
    return 2;
  }
  const service = options.target === null ? await OwnService.start() : null;
  try {
    return (await fuzz(options, options.target ?? service, service, print)) ? 0 : 1;
  } finally {
    await service?.stop();
  }
}

async function fuzz({ requests, seed }, { base, key }, service, print) {
  print(`seed ${seed}, ${requests} requests to ${service === null ? base.origin : 'a service of its own'}`);
  const started = performance.now();
  const secrets = new Secrets(key);
  const created = new CreatedKeys(secrets);
  const run = new FuzzRun({ base, key, seed, created });
  await run.send(0, Math.ceil(requests / 10));
  const before = service?.memory ?? null;
  await run.send(Math.ceil(requests / 10), requests);
  const client = new ApiClient(base, key);
  await created.revokeAll(client);
  const faults = [...run.faults, ...(await whatIsLost(client, service))];
  client.close();
  const growth = memoryGrowth(before, service?.memory ?? null);
  if (growth.exceeded) faults.push(`memory grew: ${growth.text}`);
  for (const fault of faults.slice(0, 20)) print(secrets.hide(fault));
  print(`statuses ${run.statuses}`);
  const seconds = Math.round((performance.now() - started) / 1000);
  print(
    `${requests} requests, ${run.answers} answers, ${faults.length} faults, ${growth.text}, seed ${seed}, ${seconds} s`,
  );
  return faults.length === 0;
}

/** After all of that the key must still be served. */
async function whatIsLost(client, service) {
  if (service !== null && !service.alive) return ['the service has ended'];
  const status = await client.send({ path: '/v1/identity/whoami' }).then((answer) => answer.status, String);
  return status === 200 ? [] : [`whoami answers ${status} at the end`];
}

function memoryGrowth(before, after) {
  if (before === null || after === null) return { exceeded: false, text: 'memory not measured' };
  const mebibytes = (bytes) => Math.round(bytes / 1024 / 1024);
  const text = `memory ${mebibytes(before)} -> ${mebibytes(after)} MiB (at most +${mebibytes(MEMORY_BOUND)})`;
  return { exceeded: after - before > MEMORY_BOUND, text };
}
