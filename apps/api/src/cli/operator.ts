import { type Actor, OPERATOR } from '@feather-identity/core';

/** Who runs this command, for the audit log. */
export function operator(): Actor {
  return OPERATOR;
}
