// Has a service list keys, so many at a time, or fills it with keys to list; a process of its own.
import { answer } from './process/answering.mjs';

const KEYS = '/v1/identity/api-keys';
/** About what a key may have at most: 4,096 characters. */
const MANY_SCOPES = Array.from({ length: 100 }, (_, index) => `resource${index}.${'x'.repeat(24)}:act${index}`);

answer({
  /** Makes keys, with many scopes or with two. */
  async fill({ port, key, count, fat }) {
    const body = JSON.stringify({ name: 'listed', scopes: fat ? MANY_SCOPES : MANY_SCOPES.slice(0, 2) });
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    for (let made = 0; made < count; made += 1) {
      const { status } = await fetch(`http://127.0.0.1:${port}${KEYS}`, { method: 'POST', headers, body });
      if (status !== 201) throw new Error(`POST ${KEYS} answered ${status}.`);
    }
  },
  /** The number of lists that were read to their end. */
  async list({ port, key, atATime, seconds }) {
    const until = performance.now() + seconds * 1000;
    let listed = 0;
    const line = async () => {
      while (performance.now() < until) {
        const response = await fetch(`http://127.0.0.1:${port}${KEYS}?limit=1000`, { headers: { 'x-api-key': key } });
        const { byteLength } = await response.arrayBuffer();
        if (response.status === 200 && byteLength > 0) listed += 1;
      }
    };
    await Promise.all(Array.from({ length: atATime }, line));
    return listed;
  },
});
