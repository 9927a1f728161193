import { BootstrapOrganization, CreateOrganization } from '@feather-identity/core';
import { describe, expect, it } from '@jest/globals';
import { createTenant, startHost } from '../testing/host.js';
import { KEYS, send, WHOAMI } from '../testing/requests.js';
import { IdentityModule } from './identity.module.js';
import type { IdentityModuleOptions } from './identity.options.js';

const WAYS = [
  ['forRoot', (options: IdentityModuleOptions) => IdentityModule.forRoot(options)],
  [
    'forRootAsync',
    (options: IdentityModuleOptions) =>
      IdentityModule.forRootAsync({ useFactory: () => Promise.resolve().then(() => options) }),
  ],
] as const;

describe('IdentityModule', () => {
  it.each(WAYS)('serves the identity API when imported with %s', async (_name, importIdentity) => {
    const host = await startHost({ importIdentity });
    try {
      const { key, apiKey } = await createTenant(host);
      const whoAmI = await send(host, 'GET', WHOAMI, { key });
      expect(whoAmI.body).toMatchObject({ api_key: { id: apiKey.id } });
      expect((await send(host, 'POST', KEYS, { key, body: { name: 'CI' } })).status).toBe(201);
      expect((await send(host, 'GET', WHOAMI)).status).toBe(401);
    } finally {
      await host.app.close();
    }
  });

  it.each(['forRoot', 'forRootAsync'] as const)('leaves out whoami and nothing else, if asked: %s', async (way) => {
    const controllers = { whoami: false };
    const importIdentity = (options: IdentityModuleOptions) =>
      way === 'forRoot'
        ? IdentityModule.forRoot({ ...options, controllers })
        : IdentityModule.forRootAsync({ useFactory: () => options, controllers });
    const host = await startHost({ importIdentity });
    try {
      const { key } = await createTenant(host);
      const statuses = [];
      for (const path of [WHOAMI, KEYS, '/v1/identity/policy', '/v1/identity/authorize', '/v1/identity/audit-events'])
        statuses.push((await send(host, 'GET', path, { key })).status);
      expect(statuses).toEqual([404, 200, 200, 200, 200]);
    } finally {
      await host.app.close();
    }
  });

  it('makes organizations for the application: the first one, and any', async () => {
    const host = await startHost();
    try {
      const first = await host.app.get(BootstrapOrganization).execute('First');
      const other = await host.app.get(CreateOrganization).execute('Other');
      for (const { token, organization } of [first, other]) {
        const { body } = await send(host, 'GET', WHOAMI, { key: token.reveal() });
        expect(body).toMatchObject({ organization_id: organization.id, organization_name: organization.name });
      }
      await expect(host.app.get(BootstrapOrganization).execute('Second')).rejects.toMatchObject({
        code: 'organization.already_bootstrapped',
      });
    } finally {
      await host.app.close();
    }
  });
});
