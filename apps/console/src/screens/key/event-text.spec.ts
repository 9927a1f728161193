import { describe, expect, it } from '@jest/globals';
import { actorText, eventText, type AuditEvent } from './event-text.js';

const event = (change: Partial<AuditEvent>): AuditEvent => ({
  id: '1',
  type: 'api_key.updated',
  occurred_at: '2026-11-30T12:00:00Z',
  actor_type: 'api_key',
  actor_name: null,
  actor_api_key_id: 'key-1',
  actor_user_id: null,
  api_key_id: null,
  key_prefix: null,
  request_id: null,
  source_address: null,
  changes: {},
  ...change,
});

describe('an event', () => {
  it('of any type has words', () => {
    expect(eventText(event({ type: 'api_key.revoked' })).what).toBe('Revoked');
    expect(eventText(event({ type: 'policy.updated' })).what).toBe('policy updated');
  });

  it('names who did it', () => {
    expect(actorText(event({}), () => 'Owner key')).toBe('Owner key');
    expect(actorText(event({}), () => undefined)).toBe('a key');
    expect(actorText(event({ actor_type: 'operator', actor_name: 'ines' }), () => undefined)).toBe('operator ines');
    expect(actorText(event({ actor_type: 'system' }), () => undefined)).toBe('the service');
  });
});
