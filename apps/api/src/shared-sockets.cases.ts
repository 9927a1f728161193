import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';

const ORGANIZATIONS = 50;
const REQUESTS = 3000;
const SOCKETS = 20;

describe('50 organizations whose requests share keep-alive sockets (AZ9)', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  let service: Service;
  let tenants: Tenant[];

  beforeAll(async () => {
    // Where requests wait for the database, and so overtake each other.
    const DATABASE_URL = await emptyDatabase('postgres', process.env);
    service = await startServiceIn(environment({ DATABASE_URL, SECRET_HASHER: 'hmac-sha256' }));
    tenants = [];
    while (tenants.length < ORGANIZATIONS) tenants.push(await createTenant(service, `Tenant ${tenants.length}`));
  });

  afterAll(async () => {
    agent.destroy();
    await service.close();
  });

  const get = (path: string, key: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { 'x-api-key': key };
      request({ agent, port: service.port, host: '127.0.0.1', path, headers }, resolve).on('error', reject).end();
    });

  /** Which organization the service takes the caller for. */
  const organizationSeen = async (path: string, key: string): Promise<unknown> => {
    const answer = await get(path, key);
    const body = await text(answer);
    if (path !== WHOAMI) return answer.headers['x-organization-id'];
    return (JSON.parse(body) as { organization_id: string }).organization_id;
  };

  it('are never taken for each other, in 3,000 interleaved requests', async () => {
    let next = 0;
    let mistaken = 0;
    const lane = async (): Promise<void> => {
      while (next < REQUESTS) {
        const turn = next++;
        // Neighbours in time are of different organizations, and each has both paths on every socket in turn.
        const { key, organization } = tenants[(turn * 7) % ORGANIZATIONS]!;
        const path = turn % 3 === 0 ? '/v1/identity/authorize' : WHOAMI;
        if ((await organizationSeen(path, key)) !== organization.id) mistaken += 1;
      }
    };
    await Promise.all(Array.from({ length: 3 * SOCKETS }, lane));
    expect([next, mistaken]).toEqual([REQUESTS, 0]);
    expect(Object.values(agent.freeSockets).flat().length).toBeLessThanOrEqual(SOCKETS);
  });
});
