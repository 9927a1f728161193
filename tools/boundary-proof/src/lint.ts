import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

interface OxlintReport {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string; readonly message: string }[];
}

/** Lints pieces of code by the workspace's rules of oxlint, which reads types from files alone: they are written to a folder. */
export function lintTypes(codes: readonly string[]): LintMessage[][] {
  const folder = mkdtempSync(join(workspaceRoot, 'tools/boundary-proof/probes-'));
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.base.json' }));
    codes.forEach((code, index) => {
      writeFileSync(join(folder, `${index}.ts`), code);
    });
    const script = join(workspaceRoot, 'node_modules/oxlint/bin/oxlint');
    const args = ['--format=json', folder];
    const { stdout } = spawnSync(process.execPath, [script, ...args], { cwd: workspaceRoot, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as OxlintReport;
    return codes.map((_, index) =>
      diagnostics
        .filter(({ filename }) => filename.endsWith(`/${index}.ts`))
        .map(({ code, message }) => ({ rule: code, message })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
