import { afterEach, describe, expect, it } from '@jest/globals';
import { RandomSource } from '@feather-identity/core';
import { SeededRandomSource } from '@feather-identity/core/testing';
import { createTenant, type Host, startHost } from '../../testing/host.js';
import { create, created } from '../../testing/keys.js';

const PUBLIC_LENGTH = 8;

/** Draws new bytes for each token, or the same ones again for as many tokens as `stuck` says. */
class StickingRandomSource extends RandomSource {
  stuck = 0;
  #tokens = 0;
  #source = new SeededRandomSource('sticking');

  override bytes(size: number): Uint8Array {
    // A token begins with its public part of 8 characters.
    if (size === PUBLIC_LENGTH) this.beginToken();
    return this.#source.bytes(size);
  }

  private beginToken(): void {
    this.#tokens += 1;
    this.#source = new SeededRandomSource(this.stuck > 0 ? 'sticking' : `token ${this.#tokens}`);
    this.stuck -= 1;
  }
}

describe('a public part that is taken', () => {
  let host: Host;

  afterEach(() => host.app.close());

  const start = async () => {
    const random = new StickingRandomSource();
    host = await startHost({ random });
    const { key } = await createTenant(host);
    random.stuck = 1;
    await created(host, key, { name: 'first' });
    return { random, key };
  };

  it('is drawn again (KH2, KH8)', async () => {
    const { random, key } = await start();
    random.stuck = 1;
    expect((await create(host, key)).status).toBe(201);
    expect(new Set([...host.identity.store.secrets.values()].map(({ keyPrefix }) => keyPrefix)).size).toBe(3);
  });

  it('is an error without a row when it is drawn twice in a row', async () => {
    const { random, key } = await start();
    random.stuck = 2;
    const { status, body } = await create(host, key);
    expect([status, body]).toEqual([500, { error: 'internal_error', message: 'The key could not be created.' }]);
    expect(host.identity.store.apiKeys.size).toBe(2);
  });
});
