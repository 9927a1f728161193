import { beforeEach, describe, expect, it } from '@jest/globals';
import { RandomSource } from '../../domain/random-source.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import type { Grantor } from './grantor.js';

let identity: InMemoryIdentity;
let grantor: Grantor;

beforeEach(async () => {
  const tenant = await Tenant.create();
  identity = tenant.identity;
  grantor = await tenant.grantor();
});

describe('a random source that fails (KH2)', () => {
  class BrokenSource extends RandomSource {
    override bytes(): Uint8Array {
      throw new Error('no entropy');
    }
  }

  it('stores nothing and its error goes on', async () => {
    const broken = new InMemoryIdentity({ store: identity.store, ids: identity.ids, random: new BrokenSource() });
    await expect(broken.issueApiKey.execute(grantor, { name: 'x' })).rejects.toThrow('no entropy');
    expect(broken.store.apiKeys.size).toBe(1);
  });
});

describe('a collision of public parts (KH2)', () => {
  /** The same 40 bytes `repeats` times, then others. */
  class RepeatingSource extends RandomSource {
    #draws = 0;

    constructor(private readonly repeats: number) {
      super();
    }

    override bytes(size: number): Uint8Array {
      this.#draws += 1;
      return new Uint8Array(size).fill(this.#draws <= 2 * this.repeats ? 1 : this.#draws);
    }
  }

  it('is tried again once, with a new token', async () => {
    const colliding = new InMemoryIdentity({
      store: identity.store,
      ids: identity.ids,
      random: new RepeatingSource(2),
    });
    const first = await colliding.issueApiKey.execute(grantor, { name: 'first' });
    const second = await colliding.issueApiKey.execute(grantor, { name: 'second' });
    expect(second.token.keyPrefix).not.toBe(first.token.keyPrefix);
    expect(second.token.secret).not.toBe(first.token.secret);
    expect((await colliding.apiKeys.findCredential(first.token.keyPrefix))?.apiKey.name).toBe('first');
  });

  it('is an error when it happens twice in a row, and the stored key stays', async () => {
    const colliding = new InMemoryIdentity({
      store: identity.store,
      ids: identity.ids,
      random: new RepeatingSource(9),
    });
    const first = await colliding.issueApiKey.execute(grantor, { name: 'first' });
    const outcome = colliding.issueApiKey.execute(grantor, { name: 'second' });
    await expect(outcome).rejects.toMatchObject({ code: 'api_key.conflict' });
    expect((await colliding.apiKeys.findCredential(first.token.keyPrefix))?.apiKey).toEqual(first.apiKey);
  });
});
