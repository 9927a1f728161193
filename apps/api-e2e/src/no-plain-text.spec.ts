import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';
import { partsOf, randomPart, wellFormed } from './support/tokens.js';

describe.each(DATABASES)('the secret of a key on %s (KH10)', (database) => {
  let installation: Installation;
  let service: Service;
  const tokens: string[] = [];

  beforeAll(async () => {
    installation = await Installation.create(database);
    service = await installation.start({ LOG_LEVEL: 'trace' });
    tokens.push(service.firstKey);
    tokens.push(...(await session(service)));
  });

  it('is in no file of the data folder, written or still in the log of the database', async () => {
    const folder = join(installation.folder, 'data');
    const files = await readdir(folder);
    const sqlite = ['identity.db', 'identity.db-shm', 'identity.db-wal'];
    expect(files.sort()).toEqual(database === 'sqlite' ? [...sqlite, 'peppers'] : ['peppers']);
    for (const file of files) expect(traces(await readFile(join(folder, file)), tokens)).toEqual([]);
  });

  it('is in no row of any table', async () => {
    const dump = await installation.database.dump();
    for (const token of tokens) expect(dump).toContain(token.slice(0, 17));
    expect(traces(Buffer.from(dump), tokens)).toEqual([]);
  });

  it('is in nothing that was printed, but for the first key shown once', async () => {
    const { stdout, stderr } = await service.stop();
    const shown = `API key (shown once): ${service.firstKey}\n`;
    const [before, after, ...more] = (stdout + stderr).split(shown);
    expect(more).toEqual([]);
    expect(traces(Buffer.from(`${String(before)}${String(after)}`), tokens)).toEqual([]);
  });
});

/** Uses keys in right and wrong ways; returns the tokens that answers showed, all of them well-formed. */
async function session(service: Service): Promise<string[]> {
  const owner = service.firstKey;
  const created = await service.create(owner, { name: 'Kept' });
  const kept = (created.body as { plain_text_key: string }).plain_text_key;
  const { id, plain_text_key: revoked } = await service.newKey(owner, 'Revoked');
  const path = '/v1/identity/api-keys';
  const headers = { 'x-api-key': kept };
  const { id: rotatedId, plain_text_key: old } = await service.newKey(owner, 'Rotated');
  const body = { grace_period_seconds: 600 };
  const rotated = await service.send(`${path}/${rotatedId}/rotate`, { method: 'POST', headers, body });
  const renewed = (rotated.body as { plain_text_key: string }).plain_text_key;
  const answers = [
    await service.whoami(kept),
    await service.send(path, { headers }),
    await service.revoke(owner, id),
    await service.whoami(revoked),
    await service.whoami(wellFormed({ ...partsOf(kept), secret: randomPart(32) })),
    await service.send(`/nowhere/${kept}?key=${kept}`, { headers }),
    await service.send(`${path}/${kept}`, { method: 'PUT', headers }),
    await service.send(path, { method: 'POST', headers, body: '{ broken' }),
    await service.send(path, { method: 'POST', headers, body: { name: 'x'.repeat(300), note: kept } }),
    await service.send(path, { method: 'POST', headers, body: `"${'x'.repeat(2 ** 20)}"` }),
    await service.send(path, { headers: { ...headers, padding: 'x'.repeat(20_000) } }),
    await service.send('/openapi.json'),
    await service.send(`${path}/verify`, { method: 'POST', headers, body: { key: old, scopes: ['a:b'] } }),
    await service.send(`${path}/verify`, { method: 'POST', headers, body: { key: [renewed], scopes: renewed } }),
    await service.send(`${path}/verify`, { method: 'POST', headers, body: `{"key":"${old}"` }),
    await service.send(`${path}/${rotatedId}`, { headers }),
    await service.send(`${path}/${rotatedId}`, { method: 'PATCH', headers, body: { name: 'Renamed', key: renewed } }),
    await service.send(`/v1/identity/authorize?scope=${partsOf(old).publicPart}:read`, { headers }),
    await service.send('/v1/identity/audit-events', { headers }),
  ];
  const tokens = [kept, revoked, old, renewed];
  for (const { text } of answers) expect(traces(Buffer.from(text), [owner, ...tokens])).toEqual([]);
  return tokens;
}

/** The forms of a token's secret that are found in `content`. */
function traces(content: Buffer, tokens: readonly string[]): string[] {
  return tokens.flatMap((token) =>
    Object.entries(formsOf(token))
      .filter(([, form]) => content.includes(form))
      .map(([name]) => name),
  );
}

function formsOf(token: string): Record<string, string | Buffer> {
  const forms: Record<string, string | Buffer> = {};
  for (const [name, text] of Object.entries({ token, secret: partsOf(token).secret })) {
    const digest = createHash('sha256').update(text).digest();
    forms[name] = text;
    forms[`base64 of the ${name}`] = Buffer.from(text).toString('base64').replace(/=+$/, '');
    forms[`SHA-256 of the ${name}`] = digest;
    forms[`hexadecimal SHA-256 of the ${name}`] = digest.toString('hex');
    forms[`base64 SHA-256 of the ${name}`] = digest.toString('base64').replace(/=+$/, '');
    forms[`base64url SHA-256 of the ${name}`] = digest.toString('base64url');
  }
  return forms;
}
