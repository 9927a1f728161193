import { API_KEYS } from './contract/paths.mjs';
import { inParallel } from './in-parallel.mjs';

/** The keys that a run created, to be revoked at its end. */
export class CreatedKeys {
  #secrets;
  #ids = new Set();

  constructor(secrets) {
    this.#secrets = secrets;
  }

  get any() {
    return this.#ids.size > 0;
  }

  get count() {
    return this.#ids.size;
  }

  /** Looks at an answer: was a key created? */
  note({ status, body }) {
    if (typeof body?.plain_text_key !== 'string') return;
    this.#secrets.add(body.plain_text_key);
    if (status < 300 && typeof body.id === 'string') this.#ids.add(body.id);
  }

  /** Revokes them; 404 means that somebody else did. */
  async revokeAll(client) {
    const left = [];
    await inParallel([...this.#ids], async (id) => {
      const status = await client.send({ method: 'DELETE', path: `${API_KEYS}/${id}` }).then((a) => a.status, String);
      if (status === 204 || status === 404) this.#ids.delete(id);
      else left.push(`${id}: ${status}`);
    });
    const check = 'every key that was created is revoked again';
    return left.length === 0 ? { id: check } : { id: check, why: 'keys are left', expected: [], got: left };
  }
}
