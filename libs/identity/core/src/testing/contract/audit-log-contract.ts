import assert from 'node:assert/strict';
import { AUDIT_EVENT_TYPES, type AuditEvent } from '../../domain/audit-event.js';
import { SYSTEM } from '../../domain/actor.js';
import { aKeyPrefix, anAuditEvent, anId, aSecretOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const PAGE = 7;

/** Every promise of `AuditLog`. Each case wants an empty store. */
export const auditLogContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'an event comes back as it was appended, whatever its actor, type and changes',
    async run(harness) {
      const { organization, owner, apiKey, event: founded } = await storedOrganization(harness);
      const request = {
        name: 'a\u00efda@host "é"',
        memberId: owner.id,
        requestId: 'req-1 "é"',
        sourceAddress: '2001:db8::1',
      };
      const changes = { name: 'naïve "x"', scopes: ['a:b', '*'], expires_at: null, limit: 3, is_active: false };
      const appended = AUDIT_EVENT_TYPES.map((type) => anAuditEvent({ organizationId: organization.id, type }));
      appended.push(
        anAuditEvent({
          organizationId: organization.id,
          occurredAt: new Date('2026-03-29T01:30:00.501Z'),
          actor: { type: 'api_key', apiKeyId: apiKey.id, ...request },
          apiKeyId: anId(),
          keyPrefix: 'sk_live_"é"',
          changes,
        }),
        anAuditEvent({ organizationId: organization.id, actor: SYSTEM, apiKeyId: apiKey.id, keyPrefix: 'another' }),
      );
      for (const event of appended) await harness.auditLog.append(event);
      const listed = await harness.auditLog.list(organization.id, { limit: 100 });
      assert.deepEqual(listed, [founded, ...appended].reverse());
    },
  },
  {
    promise: 'an event that was stored without a public part has that of the secret that was and is the current one',
    async run(harness) {
      const { organization, apiKey, secret } = await storedOrganization(harness);
      const about = (occurredAt: Date, apiKeyId: string | null = apiKey.id) =>
        anAuditEvent({ organizationId: organization.id, apiKeyId, occurredAt });
      const next = aSecretOf(apiKey, { keyPrefix: aKeyPrefix(), createdAt: new Date('2026-03-04T05:06:07.089Z') });
      const { createdAt } = next;
      const [first, before, since, none, unknown] = [
        about(secret.createdAt),
        about(new Date(createdAt.getTime() - 1)),
        about(createdAt),
        about(createdAt, null),
        about(createdAt, anId()),
      ];
      const prefixes = async () => (await harness.auditLog.list(organization.id, { limit: 9 })).map(prefixOf);
      await harness.auditLog.append(first);
      assert.deepEqual(await prefixes(), [apiKey.keyPrefix, apiKey.keyPrefix]);
      await harness.apiKeys.change(organization.id, apiKey.id, (current) => ({
        event: anAuditEvent({ organizationId: organization.id, type: 'api_key.rotated', keyPrefix: next.keyPrefix }),
        apiKey: current.apiKey.with({ keyPrefix: next.keyPrefix }),
        rotation: { secret: next, previousValidUntil: createdAt },
      }));
      for (const each of [before, since, none, unknown]) await harness.auditLog.append(each);
      const rotated = next.keyPrefix;
      const expected = [rotated, null, null, rotated, null, null, apiKey.keyPrefix];
      assert.deepEqual(await prefixes(), expected);
      assert.deepEqual((await harness.auditLog.listAll({ limit: 9 })).map(prefixOf), expected);
    },
  },
  {
    promise: "the list holds the organization's own events and no other's",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const apiKeyId = anId();
      await harness.auditLog.append(anAuditEvent({ organizationId: theirs.organization.id, apiKeyId }));
      assert.deepEqual(await harness.auditLog.list(mine.organization.id, { limit: 100 }), [mine.event]);
      assert.deepEqual(await harness.auditLog.list(mine.organization.id, { limit: 100, apiKeyId }), []);
      assert.deepEqual(await harness.auditLog.list(anId(), { limit: 100 }), []);
    },
  },
  {
    promise: 'the list is sorted newest first by id, whatever the order of appending',
    async run(harness) {
      const { organization, event } = await storedOrganization(harness);
      const [a, b, c] = eventsOf(organization.id, 3);
      assert.ok(a && b && c);
      for (const each of [b, c, a]) await harness.auditLog.append(each);
      assert.deepEqual(await idsOf(harness, organization.id), [c.id, b.id, a.id, event.id]);
    },
  },
  {
    promise: 'pages of the list hold each event once, from behind the last of the page before',
    async run(harness) {
      const { organization, event } = await storedOrganization(harness);
      const appended = eventsOf(organization.id, 3 * PAGE);
      for (const each of appended) await harness.auditLog.append(each);
      const walked: string[] = [];
      for (let after: string | undefined; walked.length <= appended.length + 1; after = walked.at(-1)) {
        const page = await harness.auditLog.list(organization.id, { limit: PAGE, after });
        assert.ok(page.length <= PAGE);
        if (page.length === 0) break;
        walked.push(...page.map(({ id }) => id));
        await harness.auditLog.append(anAuditEvent({ organizationId: organization.id }));
      }
      assert.deepEqual(walked, [event, ...appended].map(({ id }) => id).reverse());
    },
  },
  {
    promise: 'the list can be of one key, of one type, and of both',
    async run(harness) {
      const { organization, apiKey } = await storedOrganization(harness);
      const organizationId = organization.id;
      const about = { organizationId, apiKeyId: apiKey.id, keyPrefix: apiKey.keyPrefix };
      const [renamed, rotated, denied] = [
        anAuditEvent({ ...about, type: 'api_key.updated' }),
        anAuditEvent({ ...about, type: 'api_key.rotated' }),
        anAuditEvent({ organizationId, apiKeyId: anId(), type: 'api_key.rotated' }),
      ];
      for (const each of [renamed, rotated, denied]) await harness.auditLog.append(each);
      const list = (query: object) => harness.auditLog.list(organizationId, { limit: 100, ...query });
      assert.deepEqual((await list({ apiKeyId: apiKey.id })).slice(0, 2), [rotated, renamed]);
      assert.deepEqual(await list({ type: 'api_key.rotated' }), [denied, rotated]);
      assert.deepEqual(await list({ type: 'api_key.rotated', apiKeyId: apiKey.id }), [rotated]);
      assert.deepEqual(await list({ type: 'api_key.rotated', after: denied.id }), [rotated]);
      assert.deepEqual(await list({ apiKeyId: apiKey.id, after: rotated.id, limit: 1 }), [renamed]);
    },
  },
  {
    promise: 'the list can be of what one key did, or one member, also by a key; with the other filters too',
    async run(harness) {
      const [{ organization, owner, apiKey }, theirs] = await twoOrganizations(harness);
      const organizationId = organization.id;
      const by = (actor: Partial<AuditEvent['actor']>, fields: Partial<AuditEvent> = {}) =>
        anAuditEvent({ organizationId, actor: { ...SYSTEM, ...actor }, ...fields });
      const ofKey = { type: 'api_key', apiKeyId: apiKey.id, memberId: owner.id } as const;
      const aboutKey = { apiKeyId: apiKey.id, keyPrefix: apiKey.keyPrefix };
      const [first, byMember, rotated, about, byOther, byNobody] = [
        by(ofKey),
        by({ type: 'member', memberId: owner.id }),
        by(ofKey, { type: 'api_key.rotated' }),
        by(ofKey, aboutKey),
        by({ ...ofKey, apiKeyId: anId(), memberId: anId() }, aboutKey),
        by({}, aboutKey),
      ];
      for (const each of [first, byMember, rotated, about, byOther, byNobody]) await harness.auditLog.append(each);
      await harness.auditLog.append(by(ofKey, { organizationId: theirs.organization.id }));
      const list = (query: object) => harness.auditLog.list(organizationId, { limit: 100, ...query });
      assert.deepEqual(await list({ actor: apiKey.id }), [about, rotated, first]);
      assert.deepEqual(await list({ actor: owner.id }), [about, rotated, byMember, first]);
      assert.deepEqual(await list({ actor: owner.id, limit: 2 }), [about, rotated]);
      assert.deepEqual(await list({ actor: owner.id, after: rotated.id, limit: 1 }), [byMember]);
      assert.deepEqual(await list({ actor: apiKey.id, type: 'api_key.rotated' }), [rotated]);
      assert.deepEqual(await list({ actor: apiKey.id, apiKeyId: apiKey.id }), [about]);
      assert.deepEqual(await list({ actor: apiKey.id, apiKeyId: apiKey.id, type: 'api_key.rotated' }), []);
      assert.deepEqual(await list({ actor: anId() }), []);
    },
  },
  {
    promise: 'the list can be of a span of time, from its first instant to before its last; with the other filters too',
    async run(harness) {
      const { organization, owner, apiKey } = await storedOrganization(harness);
      const organizationId = organization.id;
      const at = (instant: string, fields: Partial<AuditEvent> = {}) => {
        const occurredAt = new Date(instant);
        return anAuditEvent({ organizationId, id: anIdAt(occurredAt), occurredAt, ...fields });
      };
      const actor = { ...SYSTEM, type: 'member', memberId: owner.id } as const;
      const [early, from, inside, last, late] = [
        at('2026-05-01T11:59:59.999Z'),
        at('2026-05-01T12:00:00.000Z', { actor }),
        at('2026-05-02T00:00:00.000Z', { type: 'api_key.rotated', apiKeyId: apiKey.id, keyPrefix: 'p', actor }),
        at('2026-05-02T11:59:59.999Z'),
        at('2026-05-02T12:00:00.000Z', { actor }),
      ];
      for (const each of [early, from, inside, last, late]) await harness.auditLog.append(each);
      const [since, until] = [from.occurredAt, late.occurredAt];
      const list = (query: object) => harness.auditLog.list(organizationId, { limit: 100, ...query });
      assert.deepEqual(await list({ since, until }), [last, inside, from]);
      assert.deepEqual((await list({ since })).slice(0, 4), [late, last, inside, from]);
      assert.deepEqual((await list({ until })).includes(late), false);
      assert.deepEqual(await list({ until, limit: 2 }), [last, inside]);
      assert.deepEqual(await list({ since, until, after: last.id, limit: 1 }), [inside]);
      assert.deepEqual(await list({ since, until, after: late.id }), [last, inside, from]);
      assert.deepEqual(await list({ since, until, actor: owner.id }), [inside, from]);
      assert.deepEqual(await list({ since, until, type: 'api_key.rotated', apiKeyId: apiKey.id }), [inside]);
      assert.deepEqual(await list({ since: until, until: since }), []);
      // Beyond the years that an id can have.
      assert.deepEqual(await list({ since: new Date('0001-01-01T00:00:00Z'), until: since, limit: 1 }), [early]);
      assert.deepEqual(await list({ since: new Date('9999-12-31T00:00:00Z') }), []);
    },
  },
];

/** An id as it is made at this instant. */
function anIdAt(instant: Date): string {
  const milliseconds = instant.getTime().toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}${anId().slice(13)}`;
}

function prefixOf({ keyPrefix }: AuditEvent): string | null {
  return keyPrefix;
}

function eventsOf(organizationId: string, count: number): AuditEvent[] {
  return Array.from({ length: count }, () => anAuditEvent({ organizationId }));
}

async function idsOf({ auditLog }: RepositoryHarness, organizationId: string): Promise<string[]> {
  return (await auditLog.list(organizationId, { limit: 100 })).map(({ id }) => id);
}
