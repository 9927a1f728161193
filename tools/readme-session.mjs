// Runs the commands of README and docs that are marked `<!-- session -->` and `<!-- sample session -->`, exactly as they
// stand there, against programs that are started as the README says, and compares every status with those in their
// comments. It also starts the application of the README. Usage: node tools/readme-session.mjs
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { transformSync } from '@swc/core';
import { runSession } from './packages/documented-session.mjs';

const START_TIMEOUT_MS = 60_000;
const API = 'http://localhost:8000/v1/identity';
const PRINTED_KEY = /^API key \(shown once\): (\S+)$/m;

/** The key that a first start prints. */
const printedKey = (output) => PRINTED_KEY.exec(output)[1];

const folder = mkdtempSync(join(tmpdir(), 'feather-session-'));
const pages = readdirSync('docs', { recursive: true }).filter((name) => name.endsWith('.md'));
const documents = ['README.md', ...pages.map((name) => join('docs', name)).toSorted()];

try {
  const service = { SECRET_PEPPERS_FILE: `${folder}/peppers`, DATABASE_URL: `sqlite:${folder}/identity.db` };
  const start = { PORT: '8000', SHUTDOWN_GRACE_SECONDS: '0', ...service };
  await during('npm', ['start'], start, [/"listening"/, PRINTED_KEY], async (output) => {
    await runSessions('session', printedKey(output));
    await runApplication(printedKey(output));
  });
  const shop = { PORT: '3000', API_KEY_PEPPERS_FILE: `${folder}/shop`, DATABASE_URL: `sqlite:${folder}/orders.db` };
  await during('npm', ['run', 'sample'], shop, [/Orders are served/, PRINTED_KEY], (output) =>
    runSessions('sample session', printedKey(output)),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a program, calls `work` with its output once that matches all of `ready`, and stops it. */
async function during(command, args, settings, ready, work) {
  const env = { ...process.env, ...settings };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await work(await outputWith(child, ready));
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Runs all blocks with the mark, those of a document in one shell. */
async function runSessions(mark, key) {
  const marked = documents.filter((document) =>
    readFileSync(document, 'utf8').includes(`<!-- ${mark} -->\n\n\`\`\`bash`),
  );
  if (marked.length === 0) throw new Error(`No document has a block that is marked <!-- ${mark} -->.`);
  for (const document of marked) {
    const statuses = await runSession(document, mark, { key, cwd: folder });
    console.log(`${document}, ${mark}: ${statuses.join(' ')}`);
  }
}

/** Starts the application of the README beside the service, and checks what the README says of it. */
async function runApplication(key) {
  const [, source] = /<!-- application:[^>]*-->\s*```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  if (source === undefined) throw new Error('README.md has no block that is marked <!-- application: ... -->.');
  const options = { configFile: false, filename: 'application.ts', swcrc: false };
  const jsc = {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  };
  // Inside the workspace, where the packages are found.
  const file = 'test-results/readme-application.mjs';
  mkdirSync('test-results', { recursive: true });
  writeFileSync(file, transformSync(source, { ...options, jsc, module: { type: 'es6' } }).code);

  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const issue = async (scope) => {
    const body = JSON.stringify({ name: 'readme', scopes: [scope] });
    return (await fetch(`${API}/api-keys`, { method: 'POST', headers, body })).json();
  };
  const reader = await issue('orders:read');
  const other = await issue('stock:read');
  const settings = { IDENTITY_API_KEY: key };
  await during(process.execPath, [file], settings, [/Nest application successfully started/], async () => {
    const orders = async (sent) => (await fetch('http://localhost:3000/orders', { headers: sent })).status;
    // NestJS says that it has started just before it listens.
    for (let left = 100; left > 0 && (await orders({}).catch(() => null)) === null; left--) await setTimeout(50);
    const statuses = [
      await orders({}),
      await orders({ 'x-api-key': other.plain_text_key }),
      await orders({ 'x-api-key': reader.plain_text_key }),
    ];
    await fetch(`${API}/api-keys/${reader.id}`, { method: 'DELETE', headers });
    statuses.push(await orders({ 'x-api-key': reader.plain_text_key }));
    if (statuses.join() !== '401,403,200,401') {
      throw new Error(`The application of README.md answered ${statuses.join()} instead of 401,403,200,401.`);
    }
    console.log(`README.md, application: ${statuses.join(' ')}`);
  });
}

/** The output of a program up to the moment when it matches all of `ready`. */
function outputWith(child, ready) {
  return new Promise((resolve, reject) => {
    let output = '';
    const tooLate = setTimeout(START_TIMEOUT_MS, undefined, { ref: false });
    tooLate.then(() => reject(new Error('The program did not start in time.')));
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}.`)));
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      if (ready.every((part) => part.test(output))) resolve(output);
    });
  });
}
