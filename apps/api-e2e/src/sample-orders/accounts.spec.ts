import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../support/database.js';
import { Installation } from '../support/installation.js';
import { Sample } from './sample.js';

interface Account {
  readonly session: string;
}

interface IssuedKey {
  readonly id: string;
  readonly token: string;
}

const NO_SUCH_KEY = { status: 404, body: { error: 'not_found', message: 'No such API key.' } };

describe.each(DATABASES)('a customer of the sample on %s', (type) => {
  let sample: Sample;
  let countOrganizations: () => Promise<number>;

  beforeAll(async () => {
    const installation = await Installation.create(type);
    // Where the test looks.
    sample = await Sample.start(installation, type === 'sqlite' ? { DATABASE_URL: 'sqlite:./data/identity.db' } : {});
    countOrganizations = async () => {
      const [row] = await installation.database.query('SELECT count(*) AS count FROM auth_organizations');
      return Number(row?.['count']);
    };
  });

  const post = (email: string, company = 'Acme') =>
    sample.send('/sign-up', { method: 'POST', body: { company, email, name: 'Ada' } });
  const signUp = async (email: string) => (await post(email)).body as Account;
  const as = ({ session }: Account, method: string, path: string, body?: unknown) =>
    sample.send(path, { method, headers: { authorization: `Bearer ${session}` }, body });

  it('signs up once, or leaves nothing behind', async () => {
    const before = await countOrganizations();
    expect(await post('ada@example.com')).toMatchObject({ status: 201, body: { session: expect.any(String) } });
    expect(await post('ada@example.com')).toMatchObject({ status: 409 });
    expect(await post('bob@example.com', '')).toMatchObject({ status: 400, body: { error: 'bad_request' } });
    expect(await countOrganizations()).toBe(before + 1);
  });

  it('makes keys that order for its organization, and are renamed and revoked', async () => {
    const account = await signUp('grace@example.com');
    const expiresAt = new Date(Date.now() + 600_000);
    const issued = await as(account, 'POST', '/my/keys', { name: 'CI', expiresAt });
    expect(issued).toMatchObject({ status: 201, body: { name: 'CI', expiresAt: expiresAt.toISOString() } });
    const { id, token } = issued.body as IssuedKey;
    expect(await sample.as(token, 'POST', '/orders', { item: 'tea', quantity: 2 })).toMatchObject({ status: 201 });
    expect(await as(account, 'PATCH', `/my/keys/${id}`, { name: 'Deploy' })).toMatchObject({ status: 200 });
    const shown = [{ id, name: 'Deploy', scopes: ['orders:read', 'orders:write'] }];
    expect(await as(account, 'GET', '/my/keys')).toMatchObject({ status: 200, body: shown });
    expect(await as(account, 'DELETE', `/my/keys/${id}`)).toMatchObject({ status: 204 });
    expect(await sample.as(token, 'GET', '/orders')).toMatchObject({ status: 401 });
    expect(await as(account, 'GET', '/my/keys')).toMatchObject({ status: 200, body: [] });
  });

  it('reaches no key of another, no further scope, and nothing without a session', async () => {
    const [account, other] = [await signUp('c@example.com'), await signUp('d@example.com')];
    const issued = await as(other, 'POST', '/my/keys', { name: 'CI', scopes: ['orders:read'] });
    const { id, token } = issued.body as IssuedKey;
    for (const path of [`/my/keys/${id}`, '/my/keys/no-uuid']) {
      expect(await as(account, 'DELETE', path)).toMatchObject(NO_SUCH_KEY);
    }
    expect(await as(account, 'POST', '/my/keys', { name: 'CI', scopes: ['*'] })).toMatchObject({ status: 403 });
    for (const session of ['', token, `${other.session}x`]) {
      expect(await as({ session }, 'GET', '/my/keys')).toMatchObject({ status: 401 });
    }
  });

  it('leaves, and its keys end with it', async () => {
    const account = await signUp('e@example.com');
    const { token } = (await as(account, 'POST', '/my/keys', { name: 'CI' })).body as IssuedKey;
    expect(await sample.as(token, 'GET', '/orders')).toMatchObject({ status: 200 });
    expect(await as(account, 'DELETE', '/my')).toMatchObject({ status: 204 });
    expect(await sample.as(token, 'GET', '/orders')).toMatchObject({ status: 401 });
    expect(await as(account, 'GET', '/my/keys')).toMatchObject({ status: 401 });
  });
});
