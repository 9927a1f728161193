// The sessions of the documents: blocks of commands behind a comment like `<!-- session: ... -->`.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/**
 * Runs the session of a document exactly as it stands there and compares every status with those in its comments.
 * Returns the statuses; throws where one is another.
 *
 * @param document - path of the document
 * @param mark - the word behind which the blocks stand
 * @param key - the key that the session begins with
 * @param cwd - a folder that the session may write to
 * @param url - where the service answers, in place of the address in the document
 */
export async function runSession(document, mark, { key, cwd, url }) {
  const text = await readFile(document, 'utf8');
  const blocks = text.matchAll(new RegExp(`<!-- ${mark}\\b[^>]*-->\\s*\`\`\`bash\\n([\\s\\S]*?)\`\`\``, 'g'));
  const written = [...blocks].map(([, commands]) => commands).join('');
  const session = url === undefined ? written : written.replaceAll(/http:\/\/localhost:\d+/g, url);
  const comments = session.split('\n').filter((line) => line.startsWith('# '));
  const expected = comments.flatMap((line) => line.match(/\b[2-5]\d\d\b/g) ?? []);
  const { stdout, stderr, status } = await bash(session, { cwd, env: { ...process.env, KEY: key } });
  const statuses = stdout.split('\n').flatMap((line) => /^\}?\]?(\d{3})$/.exec(line)?.[1] ?? []);
  if (status !== 0 || expected.length === 0 || statuses.join() !== expected.join()) {
    throw new Error(
      `${document} answered ${statuses.join()} instead of ${expected.join()} (bash: ${status}).\n${stderr}`,
    );
  }
  return statuses;
}

function bash(commands, options) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (more) => (output[name] += more));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ ...output, status }));
  });
}
