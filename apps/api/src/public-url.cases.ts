import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { created, KEYS, send } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../testing/service.js';

describe('a service with PUBLIC_URL', () => {
  const PUBLIC_URL = 'https://api.example.com/feather/';
  let service: Service;

  beforeAll(async () => {
    service = await startServiceIn(environment({ DATABASE_URL: await emptyDatabase('sqlite', {}), PUBLIC_URL }));
  });

  afterAll(() => service.close());

  it('links the pages of a list under it', async () => {
    const { key } = await createTenant(service);
    await created(service, key);
    const { headers } = await send(service, 'GET', `${KEYS}?limit=1`, { key });
    expect(headers.get('link')).toMatch(
      /^<https:\/\/api\.example\.com\/feather\/v1\/identity\/api-keys\?limit=1&cursor=[\w-]+>; rel="next"$/,
    );
  });

  it('names it in the description as its server', async () => {
    const { body } = await send(service, 'GET', '/openapi.json');
    expect(body).toMatchObject({ servers: [{ url: 'https://api.example.com/feather' }] });
  });
});
