import type { Node } from 'ts-morph';
import { pathOf } from './sources.js';

/** Thrown before anything is changed, for an application that the generator cannot edit. Says what and where. */
export class CannotProtectError extends Error {
  override readonly name = 'CannotProtectError';

  constructor(reason: string) {
    super(`${reason}\nNothing was changed.`);
  }
}

/** Where a node stands, as editors link it: `apps/orders/src/app.module.ts:12`. */
export function placeOf(node: Node): string {
  return `${pathOf(node.getSourceFile())}:${node.getStartLineNumber()}`;
}
