// Runs the sessions of the documents exactly as they stand there, against a service that is started as the README says,
// and checks every status against those in their comments. Usage: node tools/readme-session.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DOCUMENTS = ['README.md', 'docs/keys.md'];
const START_TIMEOUT_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'feather-session-'));
const env = {
  ...process.env,
  DATABASE_URL: `sqlite:${folder}/identity.db`,
  SECRET_PEPPERS_FILE: `${folder}/peppers`,
  PORT: '8000',
};
const service = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const key = await printedKey();
  for (const document of DOCUMENTS) run(document, key);
} finally {
  service.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

function run(document, key) {
  const blocks = readFileSync(document, 'utf8').matchAll(/<!-- session[^>]*-->\s*```bash\n([\s\S]*?)```/g);
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
  console.log(`${document}: ${statuses.join(' ')}`);
}

/** The key that the first start prints, once the service listens too. */
function printedKey() {
  return new Promise((resolve, reject) => {
    let output = '';
    setTimeout(() => reject(new Error('The service did not start in time.')), START_TIMEOUT_MS).unref();
    service.once('exit', (code) => reject(new Error(`The service ended with ${code}.`)));
    service.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      const key = /^API key \(shown once\): (\S+)$/m.exec(output)?.[1];
      if (key !== undefined && output.includes('"listening"')) resolve(key);
    });
  });
}
