import {
  type ApiKey,
  type IdentityPorts,
  IdentityError,
  type OperatorKey,
  type Organization,
} from '@feather-identity/core';
import { calledAs } from '../environment/called-as.js';
import { isUuid } from './options.js';
import { printable } from './printable.js';
import { RefusedError } from './refused-error.js';
import { UsageError } from './usage-error.js';

/**
 * The beginning of an id, which is never a name: tenants choose names. A mistyped short text must not hit a key; 8
 * characters of a UUIDv7 stand for about a minute.
 */
const BEGINNING = /^[0-9a-f]{8}(?:-[0-9a-f-]*)?$/i;

const MAX_CANDIDATES = 10;

type Named = Pick<ApiKey | Organization, 'id' | 'name'>;

/**
 * The organization that `given` means: by its id, the beginning of its id, or its name. Without `given`, the only one.
 *
 * @throws IdentityError `organization.not_found`
 * @throws RefusedError if several match
 * @throws UsageError if nothing is given and there are several
 */
export async function findOrganization(
  { organizations }: Pick<IdentityPorts, 'organizations'>,
  given: string | undefined,
): Promise<Organization> {
  const all = await organizations.list();
  const show = `${calledAs()} organization list`;
  if (given !== undefined) {
    const found = matching(all, given, 'organizations');
    if (found !== undefined) return found;
    throw new IdentityError('organization.not_found', `No such organization: ${quoted(given)} (see: ${show})`);
  }
  const [only, ...others] = all;
  if (only === undefined) {
    const create = `${calledAs()} organization create --name NAME`;
    throw new IdentityError('organization.not_found', `There is no organization yet. Create one: ${create}`);
  }
  if (others.length > 0) throw new UsageError(`error: --organization is missing, and there are several\n${lines(all)}`);
  return only;
}

/**
 * The organization's keys that these texts mean: each by its id, the beginning of its id, or its name.
 *
 * @throws IdentityError `api_key.not_found` if one means none; then none is returned
 * @throws RefusedError if one means several, or only what is revoked
 */
export async function findKeys(
  { apiKeys }: Pick<IdentityPorts, 'apiKeys'>,
  { id: organizationId, name }: Organization,
  given: readonly string[],
  options: { readonly includeRevoked: boolean },
): Promise<ApiKey[]> {
  // A whole id needs no list of what may be thousands of keys.
  const listed = given.every(isUuid) ? [] : await apiKeys.list(organizationId, { includeRevoked: true });
  const found: ApiKey[] = [];
  for (const text of given) {
    const known = isUuid(text) ? await apiKeys.find(organizationId, text.toLowerCase()) : null;
    const all = known === null ? listed : [known.apiKey];
    const key = matching(
      options.includeRevoked ? all : all.filter(({ revokedAt }) => revokedAt === null),
      text,
      'keys',
    );
    if (key === undefined) {
      if (all.some((each) => isMeant(each, text))) {
        throw new RefusedError(`The API key ${quoted(text)} in ${quoted(name)} is revoked. That cannot be undone.`);
      }
      const message = `No such API key in ${quoted(name)}: ${quoted(text)} (see: ${calledAs()} key list)`;
      throw new IdentityError('api_key.not_found', message);
    }
    if (!found.some(({ id }) => id === key.id)) found.push(key);
  }
  return found;
}

/** As `findKeys`, for one key. */
export async function findKey(
  identity: Pick<IdentityPorts, 'apiKeys'>,
  organization: Organization,
  given: string,
  options: { readonly includeRevoked: boolean } = { includeRevoked: false },
): Promise<ApiKey> {
  const [key] = await findKeys(identity, organization, [given], options);
  return key as ApiKey;
}

/**
 * The operator key that `given` means, as `findKey`.
 *
 * @throws IdentityError `api_key.not_found`
 * @throws RefusedError if several match, or only what is revoked
 */
export function findOperatorKey(all: readonly OperatorKey[], given: string): OperatorKey {
  const key = matching(
    all.filter(({ revokedAt }) => revokedAt === null),
    given,
    'keys',
  );
  if (key !== undefined) return key;
  if (all.some((each) => isMeant(each, given))) {
    throw new RefusedError(`The operator key ${quoted(given)} is revoked. That cannot be undone.`);
  }
  const show = `${calledAs()} operator key list`;
  throw new IdentityError('api_key.not_found', `No such operator key: ${quoted(given)} (see: ${show})`);
}

function matching<Item extends Named>(all: readonly Item[], given: string, what: string): Item | undefined {
  const found = all.filter((each) => isMeant(each, given));
  if (found.length <= 1) return found[0];
  throw new RefusedError(`${quoted(given)} means ${found.length} ${what}. Give more of the id:\n${lines(found)}`);
}

/** A whole id means its own row, whatever others are called. */
function isMeant({ id, name }: Named, given: string): boolean {
  const beginning = given.toLowerCase();
  if (isUuid(given)) return id === beginning;
  return BEGINNING.test(given) ? id.startsWith(beginning) : name === given;
}

function lines(all: readonly Named[]): string {
  const more = all.length > MAX_CANDIDATES ? [`and ${all.length - MAX_CANDIDATES} more`] : [];
  const shown = all.slice(0, MAX_CANDIDATES).map(({ id, name }) => `${id}  ${printable(name)}`);
  return [...shown, ...more].join('\n');
}

function quoted(text: string): string {
  return `"${printable(text)}"`;
}
