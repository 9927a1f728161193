import type { onRequestHookHandler } from 'fastify';
import { plainAddress } from '../address.js';

/**
 * Leaves nothing but addresses in `X-Forwarded-For`, for Fastify's `request.ip`. Where a trusted proxy wrote something else,
 * the client is `unknown`, and not the proxy.
 */
export const readForwardedFor: onRequestHookHandler = ({ raw: { headers } }, _reply, done) => {
  const written = headers['x-forwarded-for'];
  if (typeof written === 'string') {
    const addresses: string[] = [];
    for (const entry of written.split(',').reverse()) {
      const address = plainAddress(entry.trim());
      addresses.push(address ?? 'unknown');
      if (address === undefined) break;
    }
    headers['x-forwarded-for'] = addresses.reverse().join(', ');
  }
  done();
};
