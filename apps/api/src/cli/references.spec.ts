import { type IssueApiKeyRequest, OPERATOR, type Organization } from '@feather-identity/core';
import { InMemoryIdentity } from '@feather-identity/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { findKey, findKeys, findOrganization } from './references.js';

let identity: InMemoryIdentity;
let acme: Organization;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  acme = (await identity.createOrganization.execute('Acme')).organization;
});

const create = async (name: string) => (await identity.createOrganization.execute(name)).organization;
const issue = async (request: IssueApiKeyRequest) => (await identity.issueOwnerKey.execute(acme.id, request)).apiKey;
const messageOf = async (work: Promise<unknown>) => {
  try {
    await work;
    return 'found';
  } catch (error) {
    return String(error);
  }
};

/** The shortest beginning that commands take, and that no other id has here. */
function beginningOf(id: string, others: readonly string[]): string {
  let length = 8;
  while (others.some((other) => other !== id && other.startsWith(id.slice(0, length)))) length += 1;
  return id.slice(0, length);
}

describe('an organization', () => {
  it('is the only one, where none is named', async () => {
    expect(await findOrganization(identity, undefined)).toEqual(acme);
    await create('Globex');
    expect(await messageOf(findOrganization(identity, undefined))).toMatch(
      /^UsageError: error: --organization is missing, and there are several\n\S{36} {2}Acme\n\S{36} {2}Globex$/,
    );
    expect(await messageOf(findOrganization(new InMemoryIdentity(), undefined))).toContain(
      'organization create --name',
    );
  });

  it('is named by its id in either letter case, a beginning of it, or its name', async () => {
    const globex = await create('Globex');
    const beginning = beginningOf(globex.id, [acme.id]);
    for (const given of [globex.id, globex.id.toUpperCase(), beginning, beginning.toUpperCase(), 'Globex']) {
      expect(await findOrganization(identity, given)).toEqual(globex);
    }
  });

  it.each(['acme', 'Acm', '', '0199d5a0-0000-7000-8000-000000000000', 'x\u001b[2K'])(
    'that is not there is refused: %j',
    async (given) => {
      const message = await messageOf(findOrganization(identity, given));
      expect(message).toMatch(/^IdentityError: No such organization: [^\n\u001b]+$/);
    },
  );

  it('is not chosen among several of the same name, which are listed', async () => {
    const other = await create('Acme');
    const message = `RefusedError: "Acme" means 2 organizations. Give more of the id:\n${acme.id}  Acme\n${other.id}  Acme`;
    expect(await messageOf(findOrganization(identity, 'Acme'))).toBe(message);
  });

  it('is not hidden by another that took its id, or the beginning of its id, for its name', async () => {
    await create(acme.id);
    expect(await findOrganization(identity, acme.id)).toEqual(acme);
    const beginning = acme.id.slice(0, -1);
    await create(beginning);
    expect(await messageOf(findOrganization(identity, beginning))).toContain(' organizations. Give more of the id:');
  });
});

describe('keys', () => {
  it('are named by ids, beginnings and names, each once', async () => {
    const [a, b] = [await issue({ name: 'deploy' }), await issue({ name: 'CI' })];
    const found = await findKeys(identity, acme, ['CI', a.id, 'deploy'], { includeRevoked: false });
    expect(found.map(({ id }) => id)).toEqual([b.id, a.id]);
  });

  it('are not hit by fewer than 8 characters of an id', async () => {
    const { id } = await issue({ name: 'deploy' });
    expect(await messageOf(findKey(identity, acme, id.slice(0, 7)))).toContain('No such API key in "Acme"');
  });

  it('of another organization are not found, by whatever', async () => {
    const globex = await create('Globex');
    const { id } = await issue({ name: 'deploy' });
    for (const given of [id, 'deploy']) {
      expect(await messageOf(findKey(identity, globex, given))).toContain('No such API key in "Globex"');
    }
  });

  it('that are revoked are found only where they are of use', async () => {
    const { id } = await issue({ name: 'deploy' });
    await identity.revokeApiKey.execute(acme.id, id, OPERATOR);
    for (const given of [id, 'deploy']) {
      expect((await findKey(identity, acme, given, { includeRevoked: true })).id).toBe(id);
      expect(await messageOf(findKey(identity, acme, given))).toMatch(/^RefusedError: The API key .* is revoked/);
    }
    const next = await issue({ name: 'deploy' });
    expect(await findKey(identity, acme, 'deploy')).toEqual(next);
  });

  it('of the same name are listed, at most ten of them', async () => {
    for (let count = 0; count < 12; count += 1) await issue({ name: 'CI\u001b[2K' });
    const [first, ...lines] = (await messageOf(findKey(identity, acme, 'CI\u001b[2K'))).split('\n');
    expect(first).toBe('RefusedError: "CI\\u{1b}[2K" means 12 keys. Give more of the id:');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^\S{36} {2}CI\\u\{1b\}\[2K$/);
    expect(lines.at(-1)).toBe('and 2 more');
  });
});
