import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ImportedApiKey, prefixLookup, WriteBehind } from '@feather-identity/core';
import { canonicalHash, type ImportedHash, generatePepper } from '@feather-identity/infra';
import { DATABASES, emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';

const PEPPER = 'pepper of the old system';
const SETTINGS = {
  IMPORTED_KEYS: 'sha256,hmac-sha256,prefix:8,prefix:12',
  IMPORTED_KEY_PEPPERS: `old:${Buffer.from(PEPPER).toString('base64url')}`,
  FAILED_AUTHENTICATIONS_PER_MINUTE: '0',
};

interface OldKey {
  readonly key: string;
  readonly stored: ImportedHash;
  /** How many characters of the key its row is found by, where the hash has a salt. */
  readonly prefix?: number;
}

const sha256 = (key: string, encoding: 'hex' | 'base64url') => createHash('sha256').update(key).digest(encoding);
const LETTERS = 'ab12CD34'.repeat(8);

const OLD_KEYS: Readonly<Record<string, OldKey>> = {
  'sha256 in hex': { key: 'sk_live_1', stored: { scheme: 'sha256', hash: sha256('sk_live_1', 'hex') } },
  'sha256 in base64url': { key: LETTERS, stored: { scheme: 'sha256', hash: sha256(LETTERS, 'base64url') } },
  'hmac-sha256': {
    key: 'sk_live_2',
    stored: {
      scheme: 'hmac-sha256',
      pepper: 'old',
      hash: createHmac('sha256', PEPPER).update('sk_live_2').digest('base64'),
    },
  },
  // libxcrypt: crypt('bcrypt_key_9fK2pQx7Lm4Vt8Rz1Wc3', '$2b$04$abcdefghijklmnopqrstuu')
  bcrypt: {
    key: 'bcrypt_key_9fK2pQx7Lm4Vt8Rz1Wc3',
    stored: { hash: '$2b$04$abcdefghijklmnopqrstuuKLOBSdeh92x.FxaPaL4EROPkxKITaWS' },
    prefix: 12,
  },
  // printf %s KEY | argon2 somesalt12345678 -id -t 2 -m 12 -p 1 -e
  argon2id: {
    key: 'argon2id_key_5hD8sYb3Nn6Gj0Tu2Ea9',
    stored: {
      hash: '$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$eeQd52uqsi0koWWs/nl8aJ/o5/il4Jmvj4nUxLoD91Q',
    },
    prefix: 8,
  },
  // Python: hashlib.scrypt(b'scrypt_1_live_key_7uQ4zXe1Pk6', salt=b'saltsaltsalt', n=4096, r=8, p=1, dklen=32)
  scrypt: {
    key: 'scrypt_1_live_key_7uQ4zXe1Pk6',
    stored: { hash: '$scrypt$ln=12,r=8,p=1$c2FsdHNhbHRzYWx0$7Wx4lv/4DdVB7XaFQ5UrDshMT36t/rH2sGn3z8Tq70w' },
    prefix: 8,
  },
};

function rowOf(organizationId: string, { key, stored, prefix }: OldKey): ImportedApiKey {
  const { hash, lookup } = canonicalHash(stored);
  return {
    organizationId,
    name: key,
    hash,
    lookup: lookup ?? prefixLookup(key.slice(0, prefix)),
    keyPrefix: null,
    scopes: ['orders:read'],
    createdAt: new Date('2020-01-01T00:00:00.000Z'),
    expiresAt: null,
  };
}

const flush = ({ app }: Service) => app.get(WriteBehind).flush();

describe.each(DATABASES)('keys of another system on %s', (type) => {
  let DATABASE_URL: string;
  let service: Service;
  let tenant: Tenant;

  beforeAll(async () => {
    DATABASE_URL = await emptyDatabase(type, process.env);
    service = await startServiceIn(environment({ DATABASE_URL, ...SETTINGS }));
    tenant = await createTenant(service);
    const rows = Object.values(OLD_KEYS).map((old) => rowOf(tenant.organization.id, old));
    const outcomes = await service.identity.importApiKeys.execute(rows, { dryRun: false });
    expect(new Set(outcomes)).toEqual(new Set(['imported']));
  });

  afterAll(() => service.close());

  const whoAmI = (key: string) => send(service, 'GET', WHOAMI, { key });
  const secretOf = async (name: string) => {
    const [row] = await service.identity.dataSource.query<[{ id: string; hash: string; proof: string | null }]>(
      'SELECT k.id, s.hash, s.proof FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id ' +
        `WHERE k.name = '${name}' AND s.valid_until IS NULL`,
    );
    return row;
  };

  describe.each(Object.entries(OLD_KEYS))('hashed with %s', (_, { key, stored, prefix }) => {
    const wrong = [`${key}x`, key.replace(/.$/, '~')];

    it('are refused with a wrong key as any wrong key is', async () => {
      const { text } = await whoAmI('fth_live_junk');
      for (const each of wrong) {
        const answer = await whoAmI(each);
        expect([answer.status, answer.text]).toEqual([401, text]);
      }
    });

    it('work unchanged, by one check of their hash and by a proof of ours from then on', async () => {
      const checks = service.identity.hashingQueue.checks;
      const answer = await whoAmI(key);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        organization_id: tenant.organization.id,
        api_key: { name: key, scopes: ['orders:read'], key_prefix: expect.stringMatching(/^imported_\w{8}$/) },
      });
      await flush(service);
      expect((await secretOf(key)).proof).toMatch(/^hmac-sha256:v1\./);
      // What is slow ran once, and never again: neither for the key nor for forged ones that begin like it.
      expect(service.identity.hashingQueue.checks - checks).toBe(prefix === undefined ? 0 : 1);
      for (const each of [key, ...wrong]) {
        expect((await whoAmI(each)).status).toBe(each === key ? 200 : 401);
      }
      expect(service.identity.hashingQueue.checks - checks).toBe(prefix === undefined ? 0 : 1);
      expect((await secretOf(key)).hash).toContain(prefix === undefined ? 'sha256:' : stored.hash);
    });

    it('are verified for services that ask', async () => {
      const ask = (asked: string) => send(service, 'POST', `${KEYS}/verify`, { key: tenant.key, body: { key: asked } });
      expect((await ask(key)).body).toMatchObject({ valid: true, caller: { api_key: { name: key } } });
      expect((await ask(wrong[0]!)).body).toMatchObject({ valid: false, reason: 'not_found' });
    });

    it('outlive the loss of our pepper', async () => {
      const other = await startServiceIn(environment({ DATABASE_URL, ...SETTINGS, SECRET_PEPPERS: generatePepper(1) }));
      expect((await send(other, 'GET', WHOAMI, { key })).status).toBe(200);
      await other.close();
    });

    it('are rotated into tokens of ours, go on for the grace period, and are refused at once when revoked', async () => {
      const { id } = await secretOf(key);
      const path = `${KEYS}/${id}`;
      const rotated = await send(service, 'POST', `${path}/rotate`, {
        key: tenant.key,
        body: { grace_period_seconds: 3600 },
      });
      const { plain_text_key: token } = rotated.body as { plain_text_key: string };
      for (const each of [key, token]) expect((await whoAmI(each)).status).toBe(200);
      expect((await send(service, 'DELETE', path, { key: tenant.key })).status).toBe(204);
      for (const each of [key, token]) expect((await whoAmI(each)).status).toBe(401);
      const again = await service.identity.importApiKeys.execute(
        [rowOf(tenant.organization.id, { key, stored, ...(prefix === undefined ? {} : { prefix }) })],
        { dryRun: false },
      );
      expect(again).toEqual(['already_imported']);
      expect((await whoAmI(key)).status).toBe(401);
    });
  });
});

describe.each(DATABASES)('what a key of another system costs on %s', (type) => {
  let service: Service;
  let tenant: Tenant;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    // Leases would leave nothing to count.
    const limit = { FAILED_AUTHENTICATIONS_PER_MINUTE: '3', CREDENTIAL_LEASES: 'off' };
    service = await startServiceIn(environment({ DATABASE_URL, ...SETTINGS, ...limit }));
    tenant = await createTenant(service);
    const rows = ['sk_live_1', 'sk_live_2'].map((key) => {
      const hash = sha256(key, 'hex');
      return rowOf(tenant.organization.id, { key, stored: { scheme: 'sha256', hash } });
    });
    await service.identity.importApiKeys.execute(rows, { dryRun: false });
  });

  afterAll(() => service.close());

  const statementsOf = (...keys: string[]) =>
    service.statements.during(async () => {
      for (const key of keys) await send(service, 'GET', WHOAMI, { key });
    });

  it('is two look-ups at its first use, and from then on what a token of ours costs', async () => {
    expect(await statementsOf('sk_live_1')).toHaveLength(2);
    await statementsOf(tenant.key);
    const ours = await statementsOf(tenant.key, tenant.key);
    expect(await statementsOf('sk_live_1', 'sk_live_1')).toHaveLength(ours.length);
  });

  it('is one look-up where it is unknown, none where it is no key at all, and counts as a failure', async () => {
    expect(await statementsOf('sk_live_unknown')).toHaveLength(1);
    for (const junk of ['sk', 'x'.repeat(513), `fth_live_${'A'.repeat(46)}`])
      expect(await statementsOf(junk)).toEqual([]);
    expect((await send(service, 'GET', WHOAMI, { key: 'sk_live_unknown' })).status).toBe(429);
    expect((await send(service, 'GET', WHOAMI, { key: 'sk_live_2' })).status).toBe(200);
  });
});

describe('keys of another system', () => {
  it('are junk, and cost nothing, where the service accepts none', async () => {
    const DATABASE_URL = await emptyDatabase('sqlite', process.env);
    const service = await startServiceIn(environment({ DATABASE_URL }));
    const { organization } = await createTenant(service);
    const stored = { scheme: 'sha256', hash: sha256('sk_live_1', 'hex') } as const;
    await service.identity.importApiKeys.execute([rowOf(organization.id, { key: 'sk_live_1', stored })], {
      dryRun: false,
    });
    const sent = await service.statements.during(async () => {
      expect((await send(service, 'GET', WHOAMI, { key: 'sk_live_1' })).status).toBe(401);
    });
    expect(sent).toEqual([]);
    await service.close();
  });
});
