import type { Node } from 'ts-morph';
import { pathOf } from './sources.js';

/** Thrown before any change for an application that the generator cannot edit. The message says what and where. */
export class CannotProtectError extends Error {
  override readonly name = 'CannotProtectError';

  constructor(reason: string) {
    super(`${reason}\nNothing was changed.`);
  }
}

/** File and line of a node, in a form that editors link: `apps/orders/src/app.module.ts:12`. */
export function placeOf(node: Node): string {
  return `${pathOf(node.getSourceFile())}:${node.getStartLineNumber()}`;
}
