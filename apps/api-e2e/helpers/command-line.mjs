// Runs commands of the built command line, one after the other, in one process: a process for each spends most of its time
// on reading the program. Each command runs the code of the entry anew, with arguments, folder, environment and streams of
// its own, and has ended when its process would end: when nothing is left to wait for.
// Usage: node command-line.mjs, with an IPC channel for { program, folder, command, settings, input }
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

let runEntry;
let printed;

process.on('message', async ({ program, folder, command, settings, input }) => {
  runEntry ??= await load(program);
  process.chdir(folder);
  process.argv = [process.execPath, program, ...command];
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, settings);
  process.exitCode = undefined;
  printed = { stdout: '', stderr: '' };
  replace('stdin', Readable.from([input]));
  for (const name of ['stdout', 'stderr']) replace(name, collector(name));
  process.channel.unref();
  runEntry();
});

process.on('beforeExit', () => {
  // The folder may be deleted now.
  process.chdir('/');
  process.send({ status: process.exitCode ?? 0, ...printed });
  process.channel.ref();
});

/** What the bundle holds of the entry, as a function; the modules above it are loaded once. */
async function load(program) {
  const source = readFileSync(program, 'utf8');
  const [above, entry, ...more] = source.split('\n// src/cli.ts\n');
  if (entry === undefined || more.length > 0) throw new Error(`${program} is not bundled as this program expects`);
  // Where it finds the packages that it imports.
  const path = fileURLToPath(new URL(`../../../node_modules/.cache/command-line-${process.pid}.mjs`, import.meta.url));
  writeFileSync(path, `${above}\nexport default () => {\n${entry}\n};\n`);
  try {
    return (await import(path)).default;
  } finally {
    rmSync(path);
  }
}

function collector(name) {
  const decoder = new TextDecoder();
  return new Writable({
    write(chunk, _encoding, done) {
      printed[name] += decoder.decode(chunk, { stream: true });
      done();
    },
  });
}

function replace(name, stream) {
  Object.defineProperty(process, name, { value: stream, configurable: true });
}
