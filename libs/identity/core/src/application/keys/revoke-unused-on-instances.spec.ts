import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryApiKeyRepository } from '../../testing/fakes/in-memory-api-key-repository.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import { AuditEvents } from '../audit/audit-events.js';
import { JobLeases } from '../ports/job-leases.js';
import { RevokeUnusedApiKeys } from './revoke-unused-api-keys.js';

const DAY_MS = 86_400_000;
/** Uses that other instances may still write. */
const UNWRITTEN_MS = 3_600_000;
const JOB = 'revoke-unused-api-keys';
/** Keys that nobody uses; more than one batch. */
const UNUSED = 150;

/** Lets something happen after each look for unused keys. */
class InterruptedRepository extends InMemoryApiKeyRepository {
  afterFind = async (): Promise<unknown> => undefined;

  override async findUnused(organizationId: string, since: Date, limit: number): Promise<string[]> {
    const found = await super.findUnused(organizationId, since, limit);
    await this.afterFind();
    return found;
  }
}

/** Gives every job to everybody. */
class NoLeases extends JobLeases {
  override async acquire(): Promise<boolean> {
    return true;
  }
}

let apiKeys: InterruptedRepository;
let identity: InMemoryIdentity;
let tenant: Tenant;

beforeEach(async () => {
  apiKeys = new InterruptedRepository(new InMemoryStore());
  identity = new InMemoryIdentity({ apiKeys });
  identity.observations.observeAlways();
  tenant = await Tenant.create(identity);
  tenant.setPolicy({ revokeUnusedAfterDays: 90 });
  for (let i = 1; i < UNUSED; i += 1) await tenant.issue();
  identity.clock.advance(90 * DAY_MS + UNWRITTEN_MS + 1);
});

/** The job as one instance runs it. */
function instance(leases: JobLeases = identity.leases): RevokeUnusedApiKeys {
  const { organizations, observations, auditLog, ids, clock } = identity;
  const events = new AuditEvents(auditLog, ids, clock);
  return new RevokeUnusedApiKeys({ apiKeys, organizations, leases, observations, events, ids, clock });
}

describe('of several instances', () => {
  it('one that does not hold the lease does nothing until it ends', async () => {
    await identity.leases.acquire(JOB, 'another instance', tenant.in(0), tenant.in(1000));
    expect(await instance().execute()).toBe(0);
    expect(await tenant.events('api_key.revoked')).toEqual([]);
    identity.clock.advance(1000);
    expect(await instance().execute()).toBe(UNUSED);
  });

  it('another one takes over a minute after one has died', async () => {
    apiKeys.afterFind = () => Promise.reject(new Error('killed'));
    await expect(instance().execute()).rejects.toThrow('killed');
    apiKeys.afterFind = async () => undefined;
    identity.clock.advance(59_999);
    expect(await instance().execute()).toBe(0);
    identity.clock.advance(1);
    expect(await instance().execute()).toBe(UNUSED);
  });

  it('one that lost its lease stops after its batch', async () => {
    apiKeys.afterFind = async () => {
      identity.clock.advance(60_000);
      await identity.leases.acquire(JOB, 'another instance', tenant.in(0), tenant.in(60_000));
    };
    expect(await instance().execute()).toBe(100);
  });

  it('two that work at once all the same revoke and record each key once', async () => {
    const leases = new NoLeases();
    const counts = await Promise.all(
      [instance(leases), instance(leases), instance(leases)].map((each) => each.execute()),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(UNUSED);
    const revoked = (await tenant.events('api_key.revoked')).map(({ apiKeyId }) => apiKeyId);
    expect([revoked.length, new Set(revoked).size]).toEqual([UNUSED, UNUSED]);
  });
});
