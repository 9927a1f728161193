import { count, type UsageTotals } from '@feather-identity/react';

/** Why requests are refused, and what to do about it. */
export const REASONS = [
  {
    reason: 'refused_state',
    name: 'Key off or ended',
    hint: 'Disabled, revoked, expired or rotated away. Somebody still sends it: give them the new one.',
  },
  {
    reason: 'refused_scope',
    name: 'Scope missing',
    hint: 'The key works, but may not do this. Add the scope, or find out who tries.',
  },
  {
    reason: 'refused_limit',
    name: 'Limit reached',
    hint: 'The rate limit or quota of the key or the organization. Slow the client down, or raise the limit.',
  },
  {
    reason: 'refused_address',
    name: 'Address not allowed',
    hint: 'Sent from outside the allowed networks. If that was not you, the key has leaked: rotate it.',
  },
] as const satisfies readonly { reason: keyof UsageTotals; name: string; hint: string }[];

/** The reasons of some refusals, a line each. */
export function reasonLines(totals: UsageTotals): string {
  return REASONS.filter(({ reason }) => totals[reason] > 0)
    .map(({ reason, name }) => `${name}: ${count(totals[reason])}`)
    .join('\n');
}
