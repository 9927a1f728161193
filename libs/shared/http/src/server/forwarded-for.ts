import type { onRequestHookHandler } from 'fastify';
import { plainAddress } from '../address.js';

/**
 * Leaves addresses alone in `X-Forwarded-For`, for Fastify's `request.ip`. Who wrote what is no address is not known: then
 * the client is the last one that is known, from the right.
 */
export const readForwardedFor: onRequestHookHandler = ({ raw: { headers } }, _reply, done) => {
  const written = headers['x-forwarded-for'];
  if (typeof written === 'string') {
    const addresses = written.split(',').map((entry) => plainAddress(entry.trim()));
    headers['x-forwarded-for'] = addresses.slice(addresses.lastIndexOf(undefined) + 1).join(', ');
  }
  done();
};
