// Runs the sessions of the documents exactly as they stand there, against programs that are started as the README says,
// and checks every status against those in their comments. Usage: node tools/readme-session.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
    for (const document of documents) run(document, mark, key);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

function run(document, mark, key) {
  const text = readFileSync(document, 'utf8');
  const blocks = text.matchAll(new RegExp(`<!-- ${mark}\\b[^>]*-->\\s*\`\`\`bash\\n([\\s\\S]*?)\`\`\``, 'g'));
  const session = [...blocks].map(([, commands]) => commands).join('');
  const comments = session.split('\n').filter((line) => line.startsWith('# '));
  const expected = comments.flatMap((line) => line.match(/\b[2-5]\d\d\b/g) ?? []);
  const { stdout, stderr, status } = spawnSync('bash', ['-euo', 'pipefail', '-c', session], {
    cwd: folder,
    env: { ...process.env, KEY: key },
    encoding: 'utf8',
  });
  const statuses = stdout.split('\n').flatMap((line) => /^\}?\]?(\d{3})$/.exec(line)?.[1] ?? []);
  if (status !== 0 || expected.length === 0 || statuses.join() !== expected.join()) {
    throw new Error(
      `${document} answered ${statuses.join()} instead of ${expected.join()} (bash: ${status}).\n${stderr}`,
    );
  }
  console.log(`${document}, ${mark}: ${statuses.join(' ')}`);
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
