import type { onRequestHookHandler } from 'fastify';
import { plainAddress } from '../address.js';

/**
 * Leaves addresses alone in `X-Forwarded-For`, for Fastify's `request.ip`. Who wrote what is no address is not known: then
 * the client is the last one that is known, from the right.
 */
export const readForwardedFor: onRequestHookHandler = ({ raw: { headers } }, _reply, done) => {
  const written = headers['x-forwarded-for'];
  if (typeof written === 'string') {
    const addresses: string[] = [];
    for (const entry of written.split(',').reverse()) {
      const address = plainAddress(entry.trim());
      if (address === undefined) break;
      addresses.push(address);
    }
    headers['x-forwarded-for'] = addresses.reverse().join(', ');
  }
  done();
};
