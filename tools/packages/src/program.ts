import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Environment variables by name. */
export type Settings = Readonly<Record<string, string>>;

const running = new Set<ChildProcessByStdio<null, Readable, Readable>>();

/** Runs a program to its end and returns what it printed. Throws with all of it where the status is another. */
export async function run(folder: string, command: readonly string[], settings: Settings, status = 0): Promise<string> {
  const { output, ended } = start(folder, command, settings);
  const actual = await ended;
  if (actual !== status) throw new Error(`${command.join(' ')} ended with ${String(actual)}:\n${output()}`);
  return output().trim();
}

/** Starts a server and returns what it prints to say where it listens, as soon as it does. */
export function serve(folder: string, command: readonly string[], settings: Settings, says: RegExp): Promise<string> {
  const { output, ended, printed } = start(folder, command, settings);
  return new Promise((resolve, reject) => {
    printed(() => {
      const found = says.exec(output())?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then((status) => {
      reject(new Error(`${command.join(' ')} ended with ${String(status)}:\n${output()}`));
    }, reject);
  });
}

/** Ends every program that still runs. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
    }),
  );
}

function start(folder: string, [program = '', ...args]: readonly string[], settings: Settings) {
  // Of the environment of the tests what npm and Node need: its NODE_ENV is not that of a new project.
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? folder, ...settings };
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let text = '';
  const printed = (listener: () => void): void => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', listener);
  };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      running.delete(child);
      resolve(status);
    });
  });
  return { output: () => text, ended, printed };
}
