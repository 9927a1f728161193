// Runs the sessions of the documents exactly as they stand there, against programs that are started as the README says,
// and checks every status against those in their comments. Usage: node tools/readme-session.mjs
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSession } from './packages/documented-session.mjs';

const START_TIMEOUT_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'feather-session-'));

/** What is started, when it is ready, and which blocks of which documents are run against it. */
const PROGRAMS = [
  {
    command: ['start'],
    settings: {
      PORT: '8000',
      SHUTDOWN_GRACE_SECONDS: '0',
      SECRET_PEPPERS_FILE: `${folder}/peppers`,
      DATABASE_URL: `sqlite:${folder}/identity.db`,
    },
    ready: '"listening"',
    mark: 'session',
    documents: ['README.md', 'docs/keys.md'],
  },
  {
    command: ['run', 'sample'],
    settings: { PORT: '3000', API_KEY_PEPPERS_FILE: `${folder}/shop`, DATABASE_URL: `sqlite:${folder}/orders.db` },
    ready: 'Orders are served',
    mark: 'sample session',
    documents: ['README.md'],
  },
];

try {
  for (const program of PROGRAMS) await runAgainst(program);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runAgainst({ command, settings, ready, mark, documents }) {
  const env = { ...process.env, ...settings };
  const child = spawn('npm', command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const key = await printedKey(child, ready);
    for (const document of documents) {
      const statuses = await runSession(document, mark, { key, cwd: folder });
      console.log(`${document}, ${mark}: ${statuses.join(' ')}`);
    }
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** The key that the first start prints, once the program listens too. */
function printedKey(child, ready) {
  return new Promise((resolve, reject) => {
    let output = '';
    setTimeout(() => reject(new Error('The program did not start in time.')), START_TIMEOUT_MS).unref();
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}.`)));
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      const key = /^API key \(shown once\): (\S+)$/m.exec(output)?.[1];
      if (key !== undefined && output.includes(ready)) resolve(key);
    });
  });
}
