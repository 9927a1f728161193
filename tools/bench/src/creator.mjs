// Has a service make keys, so many at a time; a process of its own.
import { answer } from './process/answering.mjs';

const KEYS = '/v1/identity/api-keys';

answer({
  /** The number of keys made. */
  async create({ port, key, atATime, seconds }) {
    const until = performance.now() + seconds * 1000;
    let made = 0;
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const line = async () => {
      while (performance.now() < until) {
        const url = `http://127.0.0.1:${port}${KEYS}`;
        const { status } = await fetch(url, { method: 'POST', headers, body: '{"name":"CI"}' });
        // 503: too many wait to be hashed.
        if (status !== 201 && status !== 503) throw new Error(`POST ${KEYS} answered ${status}.`);
        if (status === 201) made += 1;
      }
    };
    await Promise.all(Array.from({ length: atATime }, line));
    return made;
  },
});
