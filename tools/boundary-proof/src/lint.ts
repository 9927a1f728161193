import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Probe } from './probe.js';

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url));

export interface LintMessage {
  readonly rule: string | null;
  readonly message: string;
}

function run(script: string, args: readonly string[], input: string): string {
  return execFileSync(process.execPath, [script, ...args], {
    cwd: workspaceRoot,
    env: { ...process.env, NX_DAEMON: 'false' },
    input,
    encoding: 'utf8',
  });
}

/** Lints all probes in one ESLint process; the messages come in the order of the probes. */
export function lint(probes: readonly Probe[]): LintMessage[][] {
  // Writes Nx's project graph, without which the boundary rule passes everything.
  run(`${workspaceRoot}/node_modules/nx/dist/bin/nx.js`, ['show', 'projects'], '');
  const script = fileURLToPath(new URL('lint-probes.mjs', import.meta.url));
  return JSON.parse(run(script, [], JSON.stringify(probes))) as LintMessage[][];
}
