import assert from 'node:assert/strict';
import type { ConsoleEvent, NewConsoleLink, NewConsoleSession } from '../../application/ports/console-sessions.js';
import { OPERATOR } from '../../domain/actor.js';
import type { ConsoleHolder, ConsoleLink, ConsoleSession } from '../../domain/console-session.js';
import type { IdentityError } from '../../domain/identity-error.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anId } from '../builders.js';
import { type ContractCase, single } from './contract-case.js';
import { type RepositoryHarness, storedOrganization } from './repository-harness.js';

const CREATED_AT = new Date('2026-03-29T01:30:00.501Z');
const MINUTE = 60_000;
const ADA: ConsoleHolder = { kind: 'operator', name: 'ada' };

/** Every promise of `ConsoleSessions`. */
export const consoleSessionsContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insert stores the session with its event; holder and grant come back as they were',
    async run({ consoleSessions, operatorKeys }) {
      const grants = [ScopeGrant.unrestricted(), ScopeGrant.of(['members:read', 'api_keys:*']), ScopeGrant.of([])];
      const holders = [ADA, { kind: 'operator', name: null } as const, aKey('operator_key')];
      for (const [index, holder] of holders.entries()) {
        const created = aNewSession({ holder, grant: grants[index] ?? ScopeGrant.of([]) });
        await consoleSessions.insert(created, terms());
        assert.deepEqual(await consoleSessions.find(created.secretHash), created.session);
        assert.deepEqual(await operatorKeys.listEvents({ limit: 1 }), [created.event]);
      }
      assert.equal(await consoleSessions.find('unknown'), null);
    },
  },
  {
    promise: 'the events of sessions and links of a key are those of its organization',
    async run(harness) {
      const { consoleSessions, auditLog } = harness;
      const { organization, apiKey } = await storedOrganization(harness);
      const holder: ConsoleHolder = { kind: 'api_key', apiKeyId: apiKey.id, keyPrefix: apiKey.keyPrefix };
      const ofOrganization = { organizationId: organization.id, apiKeyId: apiKey.id, keyPrefix: apiKey.keyPrefix };
      const link = aNewLink({ holder }, ofOrganization);
      await consoleSessions.insertLink(link);
      const created = aNewSession({ holder }, ofOrganization);
      await consoleSessions.insert(created, terms());
      const ended = anEvent(ofOrganization, 'console_session.ended');
      assert.equal(await consoleSessions.end(created.session.id, ended), true);
      const events = await auditLog.list(organization.id, { limit: 3 });
      assert.deepEqual(events, [ended, created.event, link.event]);
    },
  },
  {
    promise: 'an event of the installation keeps its key, request and address',
    async run({ consoleSessions, operatorKeys }) {
      const actor = { ...OPERATOR, name: 'ada', apiKeyId: anId(), requestId: 'request-1', sourceAddress: '192.0.2.7' };
      const created = aNewSession({}, { actor });
      await consoleSessions.insert(created, terms());
      assert.deepEqual(await operatorKeys.listEvents({ limit: 1 }), [created.event]);
    },
  },
  {
    promise: 'a link is found as it was until its end, and not once a session has used it up',
    async run({ consoleSessions }) {
      const created = aNewLink({ grant: ScopeGrant.of(['a:b']) });
      await consoleSessions.insertLink(created);
      const { codeHash: linkHash, link } = created;
      const before = after(-1, link.expiresAt);
      for (let look = 0; look < 2; look += 1) assert.deepEqual(await consoleSessions.findLink(linkHash, before), link);
      assert.equal(await consoleSessions.findLink(linkHash, link.expiresAt), null);
      assert.equal(await consoleSessions.findLink('unknown', before), null);
      await consoleSessions.insert(aNewSession(), terms());
      assert.deepEqual(await consoleSessions.findLink(linkHash, before), link);
      await consoleSessions.insert({ ...aNewSession(), linkHash }, terms());
      assert.equal(await consoleSessions.findLink(linkHash, before), null);
    },
  },
  {
    promise: 'of many sessions that are opened by one link at once, exactly one is stored, with its event',
    async run({ consoleSessions, operatorKeys }) {
      const { codeHash: linkHash, ...created } = aNewLink();
      await consoleSessions.insertLink({ codeHash: linkHash, ...created });
      const opened = await Promise.allSettled(
        Array.from({ length: 10 }, async () => {
          const session = { ...aNewSession(), linkHash };
          await consoleSessions.insert(session, terms());
          return session;
        }),
      );
      const { session, event } = single(opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
      const codes = opened.map((each) => (each.status === 'rejected' ? (each.reason as IdentityError).code : null));
      assert.deepEqual(new Set(codes), new Set([null, 'authentication.required']));
      assert.deepEqual(await consoleSessions.list(null), [session]);
      assert.deepEqual(await operatorKeys.listEvents({ limit: 2 }), [event, created.event]);
    },
  },
  {
    promise: 'a new link removes those that have ended',
    async run({ consoleSessions }) {
      const old = aNewLink();
      await consoleSessions.insertLink(old);
      const open = aNewLink({ expiresAt: after(60 * MINUTE) });
      await consoleSessions.insertLink(open);
      await consoleSessions.insertLink(aNewLink({ createdAt: old.link.expiresAt, expiresAt: after(90 * MINUTE) }));
      // As if the clock went back: the first one is gone, and not only hidden.
      assert.equal(await consoleSessions.findLink(old.codeHash, CREATED_AT), null);
      assert.deepEqual(await consoleSessions.findLink(open.codeHash, CREATED_AT), open.link);
    },
  },
  {
    promise: 'a new session removes those that were created or last seen too long ago',
    async run({ consoleSessions }) {
      const seen = after(3 * MINUTE);
      const tooOld = aNewSession({ lastSeenAt: after(9 * MINUTE) });
      const unseen = aNewSession({ createdAt: after(MINUTE), lastSeenAt: seen });
      const kept = aNewSession({ createdAt: after(MINUTE), lastSeenAt: after(1, seen) });
      for (const each of [tooOld, unseen, kept]) await consoleSessions.insert(each, terms());
      const next = aNewSession({ createdAt: after(9 * MINUTE), lastSeenAt: after(9 * MINUTE) });
      await consoleSessions.insert(next, terms({ createdUntil: CREATED_AT, lastSeenUntil: seen }));
      assert.deepEqual(await consoleSessions.list(null), [next.session, kept.session]);
    },
  },
  {
    promise: 'of too many sessions of one holder, those that were seen longest ago end with an event',
    async run({ consoleSessions, operatorKeys }) {
      const holder = aKey('operator_key');
      const others = aNewSession();
      await consoleSessions.insert(others, terms());
      const [stale, newer, newest] = [2, 4, 3].map((minutes) =>
        aNewSession({ holder, lastSeenAt: after(minutes * MINUTE) }),
      );
      assert.ok(stale && newer && newest);
      for (const each of [newer, stale]) await consoleSessions.insert(each, terms({ maxSessions: 2 }));
      const ending = anEvent({}, 'console_session.ended');
      const ended: ConsoleSession[] = [];
      const endingOf = (session: ConsoleSession) => {
        ended.push(session);
        return ending;
      };
      await consoleSessions.insert(newest, terms({ maxSessions: 2, endingOf }));
      assert.deepEqual(ended, [stale.session]);
      assert.equal(await consoleSessions.find(stale.secretHash), null);
      assert.deepEqual(await consoleSessions.list(holder), [newest.session, newer.session]);
      assert.deepEqual(await consoleSessions.find(others.secretHash), others.session);
      const events = await operatorKeys.listEvents({ limit: 9 });
      assert.deepEqual(
        events.find(({ id }) => id === ending.id),
        ending,
      );
    },
  },
  {
    promise:
      'list has the sessions of a key by whichever secret, of the operator by whatever name, or of all operators',
    async run(harness) {
      const { consoleSessions } = harness;
      const { organization, apiKey } = await storedOrganization(harness);
      const key: ConsoleHolder = { kind: 'api_key', apiKeyId: apiKey.id, keyPrefix: 'fth_test_00000000' };
      const operatorKey = aKey('operator_key');
      const ofOrganization = { organizationId: organization.id };
      const stored = [
        aNewSession({ holder: key }, ofOrganization),
        aNewSession({ holder: { ...key, keyPrefix: 'fth_test_00000001' } }, ofOrganization),
        aNewSession({ holder: operatorKey }),
        aNewSession({ holder: ADA }),
        aNewSession({ holder: { kind: 'operator', name: null } }),
      ];
      for (const each of stored) await consoleSessions.insert(each, terms());
      const [one, other, byKey, ada, nameless] = stored.map(({ session }) => session);
      assert.deepEqual(await consoleSessions.list(key), [other, one]);
      assert.deepEqual(await consoleSessions.list(operatorKey), [byKey]);
      assert.deepEqual(await consoleSessions.list(ADA), [nameless, ada]);
      assert.deepEqual(await consoleSessions.list(null), [nameless, ada, byKey]);
      assert.deepEqual(await consoleSessions.list(aKey('api_key')), []);
    },
  },
  {
    promise: 'end removes a session once, and stores the event then only',
    async run({ consoleSessions, operatorKeys }) {
      const created = aNewSession();
      await consoleSessions.insert(created, terms());
      const event = anEvent({}, 'console_session.ended');
      assert.equal(await consoleSessions.end(created.session.id, event), true);
      assert.equal(await consoleSessions.find(created.secretHash), null);
      assert.equal(await consoleSessions.end(created.session.id, anEvent({}, 'console_session.ended')), false);
      assert.equal(await consoleSessions.end(anId(), anEvent({}, 'console_session.ended')), false);
      assert.deepEqual(await operatorKeys.listEvents({ limit: 9 }), [event, created.event]);
    },
  },
  {
    promise: 'recordSeen keeps the latest instant',
    async run({ consoleSessions }) {
      const created = aNewSession();
      await consoleSessions.insert(created, terms());
      const { id } = created.session;
      for (const at of [after(MINUTE), CREATED_AT]) await consoleSessions.recordSeen(id, at);
      await consoleSessions.recordSeen(anId(), after(MINUTE));
      const seen = { ...created.session, lastSeenAt: after(MINUTE) };
      assert.deepEqual(await consoleSessions.find(created.secretHash), seen);
    },
  },
];

function after(ms: number, instant = CREATED_AT): Date {
  return new Date(instant.getTime() + ms);
}

function aKey(kind: 'api_key' | 'operator_key'): ConsoleHolder {
  return { kind, apiKeyId: anId(), keyPrefix: 'fth_operator_00000000' };
}

function terms(fields: Partial<Parameters<RepositoryHarness['consoleSessions']['insert']>[1]> = {}) {
  const long = new Date(0);
  return {
    maxSessions: 100,
    endingOf: () => anEvent({}, 'console_session.ended'),
    createdUntil: long,
    lastSeenUntil: long,
    ...fields,
  };
}

function aNewSession(fields: Partial<ConsoleSession> = {}, event: Partial<ConsoleEvent> = {}): NewConsoleSession {
  const id = anId();
  const session: ConsoleSession = {
    id,
    holder: ADA,
    grant: ScopeGrant.unrestricted(),
    createdAt: CREATED_AT,
    lastSeenAt: CREATED_AT,
    ...fields,
  };
  return { session, secretHash: `hash of ${id}`, event: anEvent(event, 'console_session.opened') };
}

function aNewLink(fields: Partial<ConsoleLink> = {}, event: Partial<ConsoleEvent> = {}): NewConsoleLink {
  const link: ConsoleLink = {
    holder: ADA,
    grant: ScopeGrant.unrestricted(),
    createdAt: CREATED_AT,
    expiresAt: after(10 * MINUTE),
    ...fields,
  };
  return { link, codeHash: `hash of ${anId()}`, event: anEvent(event, 'console_link.created') };
}

/** Of the installation, unless the fields name an organization. */
function anEvent(fields: Partial<ConsoleEvent>, type: ConsoleEvent['type']): ConsoleEvent {
  return {
    id: anId(),
    type,
    occurredAt: CREATED_AT,
    actor: { ...OPERATOR, name: 'ada' },
    apiKeyId: null,
    keyPrefix: null,
    changes: { session_id: 'x' },
    ...fields,
  } as ConsoleEvent;
}
