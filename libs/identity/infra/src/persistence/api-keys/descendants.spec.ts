import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiKey, type DescendantTerms, type NewOrganization, NO_POLICY } from '@feather-identity/core';
import {
  aKeyPrefix,
  aMember,
  anAuditEvent,
  aNewApiKey,
  aNewImportedApiKey,
  aNewOrganization,
  aRevocationOf,
  aSecretOf,
} from '@feather-identity/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';
import { runInTurn } from '../sql/sql.js';
import { insertApiKey } from './insert-api-key.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');

/** What is done with a tree: `of` chooses the key among those that were made so far. */
type Step = { readonly kind: 'mint' | 'rotate' | 'revoke' | 'cascade'; readonly of: number };

const steps = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constant('mint' as const) },
      { weight: 1, arbitrary: fc.constantFrom('rotate' as const, 'revoke' as const, 'cascade' as const) },
    ),
    of: fc.nat(),
  }),
  { minLength: 5, maxLength: 40 },
);

function childOf(owner: NewOrganization['owner'], { id }: Pick<ApiKey, 'id'>) {
  return aNewApiKey(owner, { createdBy: { type: 'api_key', id } });
}

function termsOf({ organizationId }: ApiKey, cascade: boolean): DescendantTerms {
  return {
    cascade,
    eventOf: ({ id, keyPrefix }) =>
      anAuditEvent({ organizationId, apiKeyId: id, keyPrefix, type: 'api_key.revoked', occurredAt: NOW }),
  };
}

/** Keys by their creators, as a list that knows nothing of SQL. */
class Model {
  readonly keys: { apiKey: ApiKey; readonly parent: number; isRevoked: boolean }[] = [];

  below(index: number): number[] {
    return this.keys.flatMap(({ parent }, child) => (parent === index ? [child, ...this.below(child)] : []));
  }

  unrevoked(): Set<string> {
    return new Set(this.keys.filter(({ isRevoked }) => !isRevoked).map(({ apiKey }) => apiKey.id));
  }
}

async function rotate({ apiKeys }: TestDatabase, { organizationId, id }: ApiKey): Promise<ApiKey> {
  const { apiKey } = await apiKeys.change(organizationId, id, (current) => {
    const secret = aSecretOf(current.apiKey, { keyPrefix: aKeyPrefix() });
    return {
      event: anAuditEvent({ organizationId, apiKeyId: id, type: 'api_key.rotated' }),
      apiKey: current.apiKey.with({ keyPrefix: secret.keyPrefix }),
      rotation: { secret, previousValidUntil: NOW },
    };
  });
  return apiKey;
}

async function take(database: TestDatabase, owner: NewOrganization['owner'], model: Model, { kind, of }: Step) {
  const index = of % model.keys.length;
  const chosen = model.keys[index];
  if (chosen === undefined) return;
  const { apiKey, isRevoked } = chosen;
  const { organizationId } = apiKey;
  if (kind === 'mint') {
    const created = childOf(owner, apiKey);
    const minted = database.apiKeys.insert(created, { issuedBy: apiKey });
    if (isRevoked) await expect(minted).rejects.toMatchObject({ code: 'authentication.required' });
    else model.keys.push({ apiKey: created.apiKey, parent: index, isRevoked: false });
    await minted.catch(() => undefined);
  } else if (kind === 'rotate') {
    if (!isRevoked) chosen.apiKey = await rotate(database, apiKey);
  } else {
    const descendants = model.below(index).flatMap((child) => model.keys[child] ?? []);
    const living = descendants.filter((each) => !each.isRevoked);
    const isCascade = kind === 'cascade';
    const event = aRevocationOf(apiKey, NOW);
    const revocation = await database.apiKeys.revoke(organizationId, apiKey.id, event, termsOf(apiKey, isCascade));
    if (isRevoked && !isCascade) {
      expect(revocation).toBeNull();
      return;
    }
    for (const each of [chosen, ...(isCascade ? living : [])]) each.isRevoked = true;
    expect(revocation).toEqual({
      revokedDescendants: isCascade ? living.length : 0,
      livingDescendants: { count: isCascade ? 0 : living.length, isComplete: true },
    });
  }
}

describe.each(DATABASES)('trees of keys on %s', (type) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(type);
  });
  afterEach(() => database.empty());
  afterAll(() => database.close());

  it('end as a model of them ends, whatever is minted, rotated, revoked and cascaded', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const created = aNewOrganization();
        await database.organizations.insert(created);
        const model = new Model();
        model.keys.push({ apiKey: created.apiKey, parent: -1, isRevoked: false });
        for (const step of taken) await take(database, created.owner, model, step);
        const listed = await database.apiKeys.list(created.organization.id);
        expect(new Set(listed.map(({ id }) => id))).toEqual(model.unrevoked());
        const revoked = await database.auditLog.list(created.organization.id, { limit: 999, type: 'api_key.revoked' });
        expect(revoked).toHaveLength(model.keys.length - listed.length);
      }),
      { numRuns: 10 },
    );
  });

  it('are counted no further than a bound, and say so', async () => {
    const created = aNewOrganization();
    await database.organizations.insert(created);
    const { owner, apiKey } = created;
    const others = Array.from({ length: 10_001 }, () =>
      aNewImportedApiKey(owner, { createdBy: { type: 'api_key', id: apiKey.id } }),
    );
    const event = () => aRevocationOf(apiKey, NOW);
    for (let from = 0; from < others.length; from += 500) {
      await database.apiKeys.insertImported(others.slice(from, from + 500));
    }
    // As PostgreSQL does by itself after a minute: by these statistics each key has made 10,000.
    await database.dataSource.query('ANALYZE');
    expect(await database.apiKeys.revoke(owner.organizationId, apiKey.id, event(), termsOf(apiKey, false))).toEqual({
      revokedDescendants: 0,
      livingDescendants: { count: 10_000, isComplete: false },
    });
    const ended = await database.apiKeys.revoke(owner.organizationId, apiKey.id, event(), termsOf(apiKey, true));
    expect(ended?.revokedDescendants).toBe(10_001);
    expect(await database.apiKeys.list(owner.organizationId)).toEqual([]);
  });

  it('end at once where 200 keys of one chain of 2,000 are revoked together', async () => {
    const created = aNewOrganization({ policy: { ...NO_POLICY, revokeDescendants: true } });
    await database.organizations.insert(created);
    const { owner, apiKey: root, organization } = created;
    const chain: ApiKey[] = [];
    for (let from = 0; from < 2000; from += 500) {
      const imported = Array.from({ length: 500 }, () => {
        const createdBy = { type: 'api_key', id: chain.at(-1)?.id ?? root.id } as const;
        const each = aNewImportedApiKey(owner, { createdBy });
        chain.push(each.apiKey);
        return each;
      });
      await database.apiKeys.insertImported(imported);
    }
    const ids = chain.filter((_, index) => index % 10 === 0).map(({ id }) => id);
    const { eventOf } = termsOf(root, false);
    const ended = await database.apiKeys.end(organization.id, 'revoke', ids, {
      eventOf,
      descendantsOf: () => ({ eventOf }),
    });
    expect(ended.ended).toEqual(ids);
    const listed = await database.apiKeys.list(organization.id);
    expect(listed.map(({ id }) => id)).toEqual([root.id]);
    expect(await database.auditLog.list(organization.id, { limit: 9999, type: 'api_key.revoked' })).toHaveLength(2000);
  });
});

describe('a cascade that meets the removal of a member, on postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.close());

  it.each([false, true])(
    'leaves no descendant, and does not deadlock, where the policy is %s',
    async (revokeDescendants) => {
      for (let round = 0; round < 8; round += 1) {
        const created = aNewOrganization({ policy: { ...NO_POLICY, revokeDescendants } });
        await database.organizations.insert(created);
        const { owner, apiKey: root, organization } = created;
        const member = aMember({ organizationId: organization.id });
        const eventIn = () => anAuditEvent({ organizationId: organization.id, occurredAt: NOW });
        await database.members.insert({ member, event: eventIn() });
        // A tree of keys of both, whose ids are in no order.
        const ids = fc.sample(fc.uuid({ version: 7 }), 40);
        const tree = ids.map((id, index) => {
          const above = index === 0 ? root.id : (ids[Math.floor((index - 1) / 2)] ?? null);
          const of = index % 2 === 0 ? member : owner;
          return aNewImportedApiKey(of, { id, createdBy: { type: 'api_key', id: above } });
        });
        await database.apiKeys.insertImported(tree);
        const terms = termsOf(root, true);
        await Promise.all([
          database.apiKeys.revoke(organization.id, root.id, aRevocationOf(root, NOW), terms),
          database.members.remove(organization.id, member.id, eventIn, () => terms),
        ]);
        expect(await database.apiKeys.list(organization.id)).toEqual([]);
      }
    },
  );
});

describe('a key that is being minted when its issuer is revoked, on postgres', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    if (database.location.type !== 'postgres') return;
    client = new pg.Client(database.location.url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.close();
  });

  it.each([
    ['is revoked with it where the revocation cascades', true, { revokedDescendants: 2 }],
    ['is counted among those that live on', false, { livingDescendants: { count: 2, isComplete: true } }],
  ])('%s: the revocation waits for it and looks again', async (_what, isCascade, expected) => {
    const created = aNewOrganization();
    await database.organizations.insert(created);
    const { owner, apiKey: root, organization } = created;
    const issuer = childOf(owner, root);
    await database.apiKeys.insert(issuer, { issuedBy: root });
    // Of the key that is revoked: one that cascades waits for those below it, too.
    const minter = isCascade ? issuer.apiKey : root;
    const minted = childOf(owner, minter);

    await client.query('BEGIN');
    const terms = { issuedBy: minter };
    await runInTurn(insertApiKey(database.storage.statements, minted, terms), async ({ text, values }) => {
      const { rows } = await client.query<Record<string, unknown>>(text, [...values]);
      return rows;
    });
    const event = aRevocationOf(root, NOW);
    const revocation = database.apiKeys.revoke(organization.id, root.id, event, termsOf(root, isCascade));
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await client.query(waiting)).rowCount === 0) await sleep(10);
    await client.query('COMMIT');

    expect(await revocation).toMatchObject(expected);
    expect(await database.apiKeys.list(organization.id)).toHaveLength(isCascade ? 0 : 2);
  });
});
