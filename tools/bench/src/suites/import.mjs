import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countImported } from '../databases/count-imported.mjs';
import { settings } from '../ours.mjs';
import { systemCpuTime } from '../process/cpu-time.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';

const COMMAND_LINE = fileURLToPath(new URL('../../../../apps/api/dist/cli.js', import.meta.url));
const LINES_A_WRITE = 10_000;
const LOOK_MS = 50;

/** `feather import` of a big file, killed by SIGKILL in the middle and repeated: time, memory, and what is stored. */
export async function importSuite({ keys, loaded }, databases) {
  const count = keys.at(-1);
  const file = keyFile(databases.folder, count);
  const figures = {};
  for (const database of loaded) {
    const { url, location } = await databases.empty(database, 'import');
    progress(`${count} rows on ${database}`);
    figures[database] = await importTwice(file, count, url, () => countImported(database, location));
  }
  const rows = Object.entries(figures).map(([database, { killed, resumed, stored }]) => [
    database,
    `${killed.seconds.toFixed(0)} + ${resumed.seconds.toFixed(0)}`,
    `${killed.cpuSeconds.toFixed(0)} + ${resumed.cpuSeconds.toFixed(0)}`,
    `${megabytes(killed.peak)}, ${megabytes(resumed.atTenth)}, ${megabytes(resumed.peak)}`,
    `${resumed.summary.already_imported} + ${resumed.summary.imported}`,
    `${stored.rows}, ${stored.keys} keys`,
  ]);
  const head = ['import', 'seconds', 'of CPU', 'MB: killed, at 10 %, peak', 'already imported + imported', 'stored'];
  return { text: table(head, rows), figures };
}

async function importTwice(file, count, url, stored) {
  const env = { ...process.env, ...settings(url, { IMPORTED_KEYS: 'sha256' }) };
  spawnSync(process.execPath, [COMMAND_LINE, 'migrate'], { env });
  const created = spawnSync(process.execPath, [COMMAND_LINE, 'organization', 'create', '--name', 'Bench', '--json'], {
    env,
    encoding: 'utf8',
  });
  const { organization_id: organization } = JSON.parse(created.stdout);
  const report = `${file}.report`;
  const args = ['import', file, '--organization', organization, '--scheme', 'sha256', '--report', report, '--json'];
  const killed = await run(args, env, report, count, count * 0.4);
  const { rows } = await stored();
  if (rows === 0 || rows >= count) throw new Error(`The kill came with ${rows} of ${count} rows stored.`);
  progress(`killed with ${rows} rows stored; once more`);
  const resumed = await run(args, env, report, count, Infinity);
  return { killed, storedWhenKilled: rows, resumed, stored: await stored() };
}

/** Runs the command until it ends, or kills it as soon as that many rows are told. Memory in KiB, CPU time of its own. */
async function run(args, env, report, count, killAfter) {
  const begun = performance.now();
  const child = spawn(process.execPath, [COMMAND_LINE, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  const seen = { peak: 0, atTenth: 0, cpuSeconds: 0 };
  const timer = setInterval(() => {
    const told = rowsTold(report, begun);
    seen.peak = Math.max(seen.peak, peakMemory(child.pid));
    seen.cpuSeconds = Math.max(seen.cpuSeconds, (systemCpuTime(child.pid) ?? 0) / 1e6);
    if (told >= count / 10 && seen.atTenth === 0) seen.atTenth = seen.peak;
    if (told >= killAfter) child.kill('SIGKILL');
  }, LOOK_MS);
  const [status] = await ended;
  clearInterval(timer);
  if (killAfter === Infinity && status !== 0) throw new Error(`The import ended with ${status}.`);
  return { ...seen, seconds: (performance.now() - begun) / 1000, summary: printed === '' ? null : JSON.parse(printed) };
}

/** Lines of the report, told by its size: they are of one length but for the digits of their number. */
function rowsTold(report, begun) {
  if (!existsSync(report)) return 0;
  const { size, mtimeMs } = statSync(report);
  // One of an earlier run.
  if (mtimeMs < performance.timeOrigin + begun) return 0;
  return size / '{"row":500000,"outcome":"already_imported","key_prefix":null}\n'.length;
}

/** KiB of the largest resident set so far; 0 where the system does not tell. */
function peakMemory(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** A file of rows as they come out of a table of SHA-256 hashes. */
function keyFile(folder, count) {
  const path = join(folder, `import_${count}.csv`);
  if (existsSync(path)) return path;
  const file = openSync(`${path}.unfinished`, 'w');
  writeSync(file, 'name,hash,scopes,created_at\n');
  for (let from = 1; from <= count; from += LINES_A_WRITE) {
    const length = Math.min(LINES_A_WRITE, count - from + 1);
    writeSync(file, Array.from({ length }, (_, at) => lineOf(from + at)).join(''));
  }
  closeSync(file);
  renameSync(`${path}.unfinished`, path);
  return path;
}

function lineOf(number) {
  const hash = createHash('sha256').update(`sk_live_bench_${number}`).digest('hex');
  return `"Key ${number}",${hash},orders:read orders:write,2026-01-31T12:00:00Z\n`;
}

function megabytes(kib) {
  return (kib / 1024).toFixed(0);
}
