// Runs the README's session exactly as it stands there, against a service that is started as the README says, and
// checks every status it prints. Usage: node tools/readme-session.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EXPECTED = ['201', '200', '200', '204', '401'];
const START_TIMEOUT_MS = 60_000;

const session = /<!-- session[^>]*-->\s*```bash\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
if (session === undefined) throw new Error('README.md has no session.');

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
  const { stdout, status } = spawnSync('bash', ['-euo', 'pipefail', '-c', session], {
    cwd: folder,
    env: { ...process.env, KEY: key },
    encoding: 'utf8',
  });
  const statuses = stdout.split('\n').flatMap((line) => /^\}?\]?(\d{3})$/.exec(line)?.[1] ?? []);
  if (status !== 0 || statuses.join() !== EXPECTED.join()) {
    throw new Error(`The session answered ${statuses.join()} instead of ${EXPECTED.join()} (bash: ${status}).`);
  }
  console.log(`README session: ${statuses.join(' ')}`);
} finally {
  service.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
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
