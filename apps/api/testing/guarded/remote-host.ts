import { type AuthenticationLimits, IdentityClientModule } from '@feather-identity/http';
import { type DatabaseType, emptyDatabase } from '../databases.js';
import { environment } from '../environment.js';
import { created } from '../requests.js';
import { createTenant, startServiceIn } from '../service.js';
import { setOrganization } from './organization-states.js';
import { type Platform, startGuardedApp } from './platforms.js';
import { realTime, type StartedHost } from './started-host.js';

/** No limits of the service's own: what is limited here is the application. */
const SETTINGS = {
  KEY_NAMESPACE: 'acme',
  FAILED_AUTHENTICATIONS_PER_MINUTE: '0',
  ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0',
};

/** A busy machine is not taken for a service that does not answer. */
const PATIENCE = { attemptTimeoutSeconds: 5, deadlineSeconds: 10 };

/** An application that asks the service, which is there too, and stopped where nobody is to know about keys. */
export async function startRemote(
  type: DatabaseType,
  platform: Platform,
  { maxStalenessSeconds, ...limits }: AuthenticationLimits & { readonly maxStalenessSeconds: number },
  variables: NodeJS.ProcessEnv,
): Promise<StartedHost> {
  const env = environment({ DATABASE_URL: await emptyDatabase(type, variables), ...SETTINGS });
  let service = await startServiceIn(env);
  const { port } = service;
  const { organization, key: ownerKey } = await createTenant(service);
  const ownKey = await created(service, ownerKey, { name: 'Orders', scopes: ['api_keys:verify'] });
  const identityUrl = `http://127.0.0.1:${port}`;
  const app = await startGuardedApp(
    platform,
    IdentityClientModule.forRoot({
      baseUrl: identityUrl,
      apiKey: ownKey.plain_text_key,
      namespace: 'acme',
      maxStalenessSeconds,
      ...PATIENCE,
      ...limits,
    }),
  );
  return {
    url: await app.getUrl(),
    identityUrl,
    ownerKey,
    stalenessMs: maxStalenessSeconds * 1000,
    ...realTime,
    setOrganization: (state) => setOrganization(service.identity.dataSource, '', organization.id, state),
    interrupt: async () => {
      await service.close();
      return async () => {
        service = await startServiceIn(env, port);
      };
    },
    close: async () => {
      await app.close();
      await service.close();
    },
  };
}
