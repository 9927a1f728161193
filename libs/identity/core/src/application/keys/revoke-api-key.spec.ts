import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { ORIGIN, Tenant } from '../../testing/tenant.js';

let identity: InMemoryIdentity;
let mine: Tenant;
let theirs: Tenant;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  mine = await Tenant.create(identity);
  theirs = await Tenant.create(identity);
});

const revoke = (apiKeyId: string) => identity.revokeApiKey.execute(mine.organization.id, apiKeyId, OPERATOR);

describe('revoking a key', () => {
  it('marks it with the present instant, and the list shows it no more', async () => {
    const { apiKey, token } = await mine.issue();
    await revoke(apiKey.id);
    expect((await mine.stored(apiKey)).revokedAt).toEqual(identity.clock.now());
    await expect(identity.verifyApiKey.execute(token)).rejects.toMatchObject({ code: 'authentication.required' });
    const request = { limit: 10, includeRevoked: false };
    const { first } = await identity.listApiKeys.execute(mine.organization.id, request);
    expect(first).toMatchObject([mine.owner.apiKey]);
  });

  it('is recorded with who did it, and nothing is recorded where nothing was revoked', async () => {
    const { apiKey } = await mine.issue();
    const { actor } = await mine.grantor();
    await identity.revokeApiKey.execute(mine.organization.id, apiKey.id, actor);
    await expect(revoke(apiKey.id)).rejects.toMatchObject({ code: 'api_key.not_found' });
    expect(await mine.events('api_key.revoked')).toEqual([
      expect.objectContaining({ apiKeyId: apiKey.id, actor, changes: {}, occurredAt: identity.clock.now() }),
    ]);
    expect(actor).toMatchObject({ ...ORIGIN, apiKeyId: mine.owner.apiKey.id });
  });

  it('is never refused, not even of the last key by itself (AZ8)', async () => {
    await revoke(mine.owner.apiKey.id);
    await expect(mine.grantor()).rejects.toMatchObject({ code: 'authentication.required' });
  });

  it("tells an unknown id, another organization's key and a revoked key apart in nothing (AZ1)", async () => {
    await revoke(mine.owner.apiKey.id);
    for (const id of [anId(), theirs.owner.apiKey.id, mine.owner.apiKey.id]) {
      await expect(revoke(id)).rejects.toMatchObject({ code: 'api_key.not_found', message: 'No such API key.' });
    }
    expect(await theirs.stored(theirs.owner.apiKey)).toEqual(theirs.owner.apiKey);
    expect(await theirs.events('api_key.revoked')).toEqual([]);
  });

  it('succeeds once of 16 times at once, and is recorded once (RV10)', async () => {
    const attempts = Array.from({ length: 16 }, () => revoke(mine.owner.apiKey.id));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await mine.events('api_key.revoked')).toHaveLength(1);
  });
});
