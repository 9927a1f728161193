import { fileURLToPath } from 'node:url';
import { Child, type Outcome } from '../support/child.js';
import { WORKSPACE } from '../support/workspace.js';

const PROGRAM = fileURLToPath(new URL('../../../../tools/conformance/conformance.mjs', import.meta.url));

/** Runs the conformance suite as its users do. */
export function runConformance(...args: string[]): Promise<Outcome> {
  return new Child(WORKSPACE, [PROGRAM, ...args]).outcome;
}

/** The names of the checks in a report that did not pass. */
export function deviationsIn({ stdout }: Outcome): string[] {
  return [...stdout.matchAll(/^ {3}- (.+?): /gm)].map(([, name]) => name ?? '');
}
