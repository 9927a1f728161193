// All that the bench knows of this repository's code: how the service and the library are built stands here alone.
import { createHash } from 'node:crypto';
import { grantorOf, Identity, TokenFormat } from '@feather-identity/core';
import { ApiKeyAuthentication, IdentityModule, RequireScopes } from '@feather-identity/http';
import { generatePepper, HmacProof, PepperRing } from '@feather-identity/infra';

const API = new URL('../../../apps/api/dist/modules/', import.meta.url);
const PEPPERS = `1:${createHash('sha256').update('pepper of the bench').digest('base64url')}`;

const proofs = new HmacProof(PepperRing.parse(PEPPERS));
const format = new TokenFormat('fth', 'live');
const fromApi = (file) => import(new URL(file, API).href);

/** What a stored key of the bench is proven by. Null for a text that is no key. */
export function proofOf(text) {
  const token = format.parse(text);
  return token === null ? null : proofs.of(token);
}

/** A pepper that no stored proof was made with. */
export function newPepper() {
  return generatePepper(2);
}

/** What puts those settings back that the bench changes so that every request reaches the checks. */
export const AS_SHIPPED = { FAILED_AUTHENTICATIONS_PER_MINUTE: '' };

/** More than the bench asks for: the limits are looked at as always, and nothing is refused by them. */
const MAX_KEYS = 1_000_000;
const OUT_OF_REACH = { ORGANIZATION_RATE_LIMIT_PER_MINUTE: '100000000', MAX_KEYS_PER_ORGANIZATION: String(MAX_KEYS) };

/** The settings of the service that the bench needs to be fixed; everything else is as shipped. */
export function settings(location, extra = {}) {
  const fixed = { DATABASE_URL: location, SECRET_PEPPERS: PEPPERS, NODE_ENV: 'production' };
  return { ...fixed, ...OUT_OF_REACH, FAILED_AUTHENTICATIONS_PER_MINUTE: '0', ...extra };
}

/** The settings, and what they make of the database, as `main.ts` has them. */
async function openParts(location, extra) {
  const { readEnvironment } = await fromApi('environment/environment.js');
  const { GivenSettings } = await fromApi('environment/given-settings.js');
  const { startIdentity } = await fromApi('services/identity.js');
  const env = readEnvironment(new GivenSettings(settings(location, extra)), false);
  return { env, identity: (await startIdentity(env)).identity };
}

/** Makes an empty database ours. */
export async function migrate(location) {
  const { identity } = await openParts(location);
  await identity.dataSource.destroy();
}

/**
 * The library for the `imports` of another NestJS app, with the options of the service; what puts its hook up; and the
 * decorator of a route that wants a key.
 */
export async function openLibrary(location, extra) {
  const { AppModule } = await fromApi('app.module.js');
  const { env, identity } = await openParts(location, extra);
  return {
    module: AppModule.register(env, identity).imports.find(({ module }) => module === IdentityModule),
    protect: (app) => app.get(ApiKeyAuthentication).protect(app),
    access: RequireScopes(),
    close: () => identity.dataSource.destroy(),
  };
}

/** The real service, not listening yet, with these controllers beside its own. */
export async function createService(location, controllers) {
  const { AppModule } = await fromApi('app.module.js');
  const { createApp } = await fromApi('create-app.js');
  const { createLogger } = await fromApi('logging/logger.js');
  const register = AppModule.register.bind(AppModule);
  AppModule.register = (...args) => {
    const module = register(...args);
    return { ...module, controllers: [...module.controllers, ...controllers] };
  };
  const { env, identity } = await openParts(location);
  const app = await createApp(env, identity, createLogger(env));
  return { app, close: () => app.close().then(() => identity.dataSource.destroy()) };
}

/** Issues keys on the word of an owner's key of the first organization, as the API does. */
export async function openIssuing(location, extra) {
  const { identity } = await openParts(location, extra);
  const { dataSource, organizations, issueOwnerKey, listOrganizations } = identity;
  const [organization] = await listOrganizations.execute();
  const { apiKey } = await issueOwnerKey.execute(organization.id, { name: 'issuer' });
  const member = await organizations.findOwner(organization.id);
  const grantor = grantorOf({ organization, member, apiKey }, { requestId: 'bench', sourceAddress: '127.0.0.1' });
  const { issueApiKey } = new Identity(identity, identity);
  return {
    createKey: async () => (await issueApiKey.execute(grantor, { name: 'CI' })).token.reveal(),
    countHashed: async () => {
      const [row] = await dataSource.query('SELECT count(hash) AS hashed FROM api_key_secrets');
      return Number(row.hashed);
    },
    close: () => dataSource.destroy(),
  };
}
