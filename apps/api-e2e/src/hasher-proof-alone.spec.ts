import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import { expectRefusal } from './support/refusal.js';
import type { CreatedKey, Service } from './support/service.js';

const PROOFS_ALONE = { SECRET_HASHER: 'hmac-sha256' };

/** The lines of the log at level `error` and above. */
const errors = ({ output }: Service): unknown[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: number })
    .filter(({ level }) => level >= 50);

describe('secrets with a proof alone beside others', () => {
  let installation: Installation;
  let both: CreatedKey;
  let proofAlone: CreatedKey;
  let file: string;
  let lost: string;

  const expectAllAccepted = async (service: Service) => {
    for (const { plain_text_key: key } of [both, proofAlone]) {
      expect(await service.whoami(key)).toMatchObject({ status: 200 });
    }
  };

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    const withBcrypt = await installation.start();
    both = await withBcrypt.newKey(withBcrypt.firstKey);
    await withBcrypt.stop();
    file = join(installation.folder, 'data', 'peppers');
    lost = await readFile(file, 'utf8');
  });

  it('are made by SECRET_HASHER=hmac-sha256, and all verify under either setting', async () => {
    const withoutBcrypt = await installation.start(PROOFS_ALONE);
    proofAlone = await withoutBcrypt.newKey(both.plain_text_key);
    const rows = await installation.database.query('SELECT key_prefix, hash FROM api_key_secrets ORDER BY created_at');
    expect(rows.map((row) => [row['key_prefix'], row['hash'] === null])).toEqual([
      [expect.any(String), false],
      [both.key_prefix, false],
      [proofAlone.key_prefix, true],
    ]);
    await expectAllAccepted(withoutBcrypt);
    await withoutBcrypt.stop();
    const withBcrypt = await installation.start();
    await expectAllAccepted(withBcrypt);
    await withBcrypt.stop();
    expect([...errors(withoutBcrypt), ...errors(withBcrypt)]).toEqual([]);
  });

  it.each([PROOFS_ALONE, {}])('are lost with their pepper, which the start says loudly (KH6): %j', async (settings) => {
    await rm(file);
    await installation.run(['migrate', '--accept-peppers']);
    const service = await installation.start(settings);
    expect(errors(service)).toEqual([
      expect.objectContaining({
        secrets: 1,
        peppers: [expect.stringMatching(/^v1\.[\w-]{8}$/)],
        msg: expect.stringMatching(/^Secrets that cannot be verified: 1\. Their keys get 401/),
      }),
    ]);
    expect(service.output.indexOf('cannot be verified')).toBeLessThan(service.output.indexOf('listening'));
    expectRefusal(await service.whoami(proofAlone.plain_text_key));
    expect(await service.whoami(both.plain_text_key)).toMatchObject({ status: 200 });
    await service.stop();
  });

  it('are counted as lost, and the others have moved to the new pepper', async () => {
    expect(await installation.database.query('SELECT key_prefix, proof FROM api_key_secrets')).toEqual(
      expect.arrayContaining([{ key_prefix: both.key_prefix, proof: expect.not.stringContaining(await lostId()) }]),
    );
    expect(printedJson(await installation.run(['pepper', 'usage', '--json']))).toEqual([
      { pepper: expect.stringMatching(/^v1\./), state: 'current', secrets: 1, without_hash: 0 },
      { pepper: await lostId(), state: 'unknown', secrets: 2, without_hash: 1 },
    ]);
  });

  it('are back, in silence, when their pepper is, behind the one that was made in its place', async () => {
    await writeFile(file, `${(await readFile(file, 'utf8')).trimEnd()},${lost}`);
    const service = await installation.start(PROOFS_ALONE);
    await expectAllAccepted(service);
    expect(errors(service)).toEqual([]);
  });

  /** What the lost pepper is called in proofs. */
  async function lostId(): Promise<string> {
    const [row] = await installation.database.query(
      `SELECT proof FROM api_key_secrets WHERE key_prefix = '${proofAlone.key_prefix}'`,
    );
    return String(row?.['proof']).split(':')[1] ?? '';
  }
});
