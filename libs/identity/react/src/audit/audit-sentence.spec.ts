import { describe, expect, it } from '@jest/globals';
import { auditSentence, valueBefore, type AuditEvent, type AuditNames, type AuditPiece } from './audit-sentence.js';

const KEY = '019ad1c4-8f10-7c33-b2de-91a7c4e05f04';
const ACTOR = '019ad1c3-52e2-7b91-a4c7-0e5d8f3b6a03';
const MEMBER = '019ad1c3-52e1-7d08-8b3a-6c1f9e2d4a02';

const NAMES: AuditNames = {
  key: (id) => ({ [KEY]: 'web shop', [ACTOR]: 'admin' })[id],
  member: (id) => ({ [MEMBER]: 'Ada' })[id],
};
const NOBODY: AuditNames = { key: () => undefined, member: () => undefined };

function event(
  type: AuditEvent['type'],
  changes: AuditEvent['changes'] = {},
  rest: Partial<AuditEvent> = {},
): AuditEvent {
  return {
    id: '019ad1c4-8f14-7e5a-9d02-3b8f6a1c7d05',
    type,
    occurred_at: '2026-11-30T09:15:04Z',
    actor_type: 'api_key',
    actor_name: null,
    actor_api_key_id: ACTOR,
    actor_user_id: MEMBER,
    api_key_id: type.startsWith('api_key') ? KEY : null,
    key_prefix: null,
    request_id: null,
    source_address: null,
    changes,
    ...rest,
  };
}

const text = (pieces: readonly AuditPiece[] = []): string => pieces.map((piece) => piece.text).join('');
const said = (of: AuditEvent, names = NAMES): string => text(auditSentence(of, names).headline);
const changed = (of: AuditEvent, ...older: AuditEvent[]): string[] =>
  auditSentence(of, NAMES, valueBefore(of, older)).changes.map(text);

describe('the sentence of an audit event', () => {
  it.each([
    [event('api_key.created', { name: 'web shop' }), 'admin created key web shop'],
    [event('api_key.revoked'), 'admin revoked key web shop'],
    [event('api_key.revoked', { unused_for_days: 90 }, { actor_type: 'system' }), 'The service revoked key web shop'],
    [event('policy.updated', {}, { actor_type: 'member' }), 'Ada changed the policy'],
    [
      event('organization.disabled', {}, { actor_type: 'operator', actor_name: 'root' }),
      'root disabled the organization',
    ],
    [event('member.created', { member_id: 'x', display_name: 'Bob' }), 'admin added member Bob'],
    [event('member.removed', { member_id: MEMBER, external_id: 'u1' }), 'admin removed member Ada'],
    [
      event('operator_key.created', { name: 'dev' }, { actor_type: 'operator' }),
      'The operator created operator key dev',
    ],
    [event('console_session.opened', {}, { api_key_id: KEY }), 'admin signed in to the console with key web shop'],
    [event('console_session.ended', {}, { actor_type: 'operator' }), 'The operator ended a session of the console'],
    [event('escalation.denied', {}), 'admin asked for a key with more rights than its own, and was refused'],
    [
      event('api_key.address_refused', {}, { source_address: '198.51.100.7' }),
      'Key web shop was refused: it is not accepted from 198.51.100.7',
    ],
  ])('%# says who did what to what', (of, sentence) => {
    expect(said(of)).toBe(sentence);
  });

  it('says what is known of a key without a name', () => {
    expect(said(event('api_key.rotated', {}, { key_prefix: 'fth_live_4fQ9bT2x' }), NOBODY)).toBe(
      'A key rotated key fth_live_4fQ9bT2x',
    );
    expect(said(event('api_key.revoked'), NOBODY)).toBe('A key revoked a key');
  });

  it('shows a type of a newer service as it is', () => {
    const newer = { ...event('policy.updated'), type: 'key.blessed' } as unknown as AuditEvent;
    expect(said(newer)).toBe('admin: key.blessed');
  });

  it('keeps the text of people apart from its own', () => {
    const hostile = ' revoked key x';
    const by = { actor_type: 'operator', actor_name: hostile } as const;
    const { headline } = auditSentence(event('api_key.created', { name: hostile }, by), NOBODY);
    expect(headline.at(0)).toEqual({ text: hostile, as: 'name' });
    expect(headline.at(-1)).toEqual({ text: hostile, as: 'name' });
  });
});

describe('what an audit event changed', () => {
  it('says the name of before', () => {
    const created = event('api_key.created', { name: 'shop' });
    expect(changed(event('api_key.updated', { name: 'web shop' }), created)).toEqual([
      'Renamed from “shop” to “web shop”',
    ]);
  });

  it('leaves out what is not known of before', () => {
    expect(changed(event('api_key.updated', { name: 'web shop' }))).toEqual(['Renamed to “web shop”']);
    expect(changed(event('api_key.updated', { scopes: ['a:b'] }))).toEqual(['Scopes set to a:b']);
  });

  it('takes the nearest event that had the field, and no attempt that was refused', () => {
    const older = [
      event('api_key.disabled', { is_active: false }),
      event('escalation.denied', { name: 'attempt' }, { api_key_id: KEY }),
      event('api_key.updated', { name: 'second' }),
      event('api_key.created', { name: 'first' }),
    ];
    expect(changed(event('api_key.updated', { name: 'third' }), ...older)).toEqual([
      'Renamed from “second” to “third”',
    ]);
  });

  it('knows that a new key had nothing that its creation does not name', () => {
    const created = event('api_key.created', { name: 'shop', scopes: [], expires_at: null });
    expect(changed(event('api_key.updated', { rate_limit: '100/60' }), created)).toEqual([
      'Rate limit changed from none to 100 a minute',
    ]);
  });

  it('reads the first key of an organization from the creation of the organization', () => {
    const created = event(
      'organization.created',
      { name: 'Acme', first_key_name: 'Owner key', first_key_scopes: ['*'] },
      { api_key_id: KEY },
    );
    expect(changed(event('api_key.updated', { name: 'root' }), created)).toEqual([
      'Renamed from “Owner key” to “root”',
    ]);
  });

  it('knows that an organization begins without a policy', () => {
    const created = event('organization.created', { name: 'Acme' });
    expect(changed(event('policy.updated', { expiry_required: true, max_lifetime_days: 90 }), created)).toEqual([
      'Expiry required changed from no to yes',
      'Longest life changed from no limit to 90 days',
    ]);
  });

  it('ignores events of other subjects', () => {
    const other = event('api_key.created', { name: 'other' }, { api_key_id: ACTOR });
    expect(changed(event('api_key.updated', { name: 'web shop' }), other)).toEqual(['Renamed to “web shop”']);
  });

  it.each([
    [['a:x', 'a:y'], ['a:x'], 'Scopes narrowed: a:y removed'],
    [['a:x'], ['a:x', 'a:y'], 'Scopes widened: a:y added'],
    [['a:*'], ['a:x'], 'Scopes narrowed: a:* removed, a:x added'],
    [['a:x'], ['*'], 'Scopes widened: a:x removed, * added'],
    [['a:x'], ['b:y'], 'Scopes changed: a:x removed, b:y added'],
    [[], ['a:x'], 'Scopes narrowed from everything to a:x'],
  ])('says in which direction scopes went: %j to %j', (before, after, sentence) => {
    const created = event('api_key.created', { name: 'shop', scopes: before });
    expect(changed(event('api_key.updated', { scopes: after }), created)).toEqual([sentence]);
  });

  it('says what came and went of labels and networks', () => {
    const created = event('api_key.created', { name: 'shop', labels: ['a', 'b'] });
    const update = event('api_key.updated', { labels: ['b', 'c'], allowed_networks: ['10.0.0.0/8'] });
    expect(changed(update, created)).toEqual([
      'Labels changed: a removed, c added',
      'Allowed addresses changed from everywhere to 10.0.0.0/8',
    ]);
  });

  it('says how long an old secret stays', () => {
    const rotated = (grace: number): AuditEvent =>
      event('api_key.rotated', { key_prefix: 'fth_new', previous_key_prefix: 'fth_old', grace_period_seconds: grace });
    expect(changed(rotated(86_400))).toEqual(['The new secret is fth_new; the old one fth_old stays valid for a day']);
    expect(changed(rotated(0))).toEqual(['The new secret is fth_new; the old one fth_old ended at once']);
  });

  it('says why the service revoked a key', () => {
    expect(changed(event('api_key.revoked', { cascade_of: ACTOR }))).toEqual([
      'Because admin, which made it, was revoked',
    ]);
    expect(changed(event('api_key.revoked', { unused_for_days: 90 }))).toEqual([
      'The policy revokes keys that nobody uses for 90 days',
    ]);
  });

  it('says what was asked for', () => {
    expect(changed(event('escalation.denied', { name: 'x', scopes: ['*'], quota: '10/day' }))).toEqual([
      'Asked for: Name: x',
      'Asked for scopes: *',
      'Asked for: Quota: 10 a day',
    ]);
  });

  it('shows a field of a newer service by its name', () => {
    expect(changed(event('api_key.updated', { blessed_by: 'Ada' }))).toEqual(['Blessed by changed to Ada']);
  });
});
