import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { expectRefusal } from './support/refusal.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';
import { partsOf, randomPart, wellFormed } from './support/tokens.js';

const ROUNDS = 10;

describe.each(DATABASES)('two instances with different current peppers on %s (KH9)', (database) => {
  const peppersOf = async (installation: Installation, ...versions: string[]): Promise<string[]> => {
    const outcomes = versions.map((version) => installation.run(['pepper', 'generate', '--version', version]));
    return (await Promise.all(outcomes)).map(({ stdout }) => stdout.trimEnd());
  };

  /** Uses the key on both at once, again and again, and lets them write what waited. */
  async function raceOn(services: readonly [Service, Service], key: string): Promise<Set<number>> {
    const statuses = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all(services.map((service) => service.whoami(key)));
      for (const { status } of answers) statuses.add(status);
    }
    await Promise.all(services.map((service) => service.stop()));
    return statuses;
  }

  const proofs = (installation: Installation) => installation.database.query('SELECT proof FROM api_key_secrets');

  it('that move one proof apart leave one that is valid, and refuse nobody', async () => {
    const installation = await Installation.create(database);
    const [first, second, third] = await peppersOf(installation, '1', '2', '3');
    const before = await installation.start({ SECRET_PEPPERS: first! });
    const key = before.firstKey;
    await before.stop();
    const services = [
      await installation.start({ SECRET_PEPPERS: `${second!},${first!}` }),
      await installation.start({ SECRET_PEPPERS: `${third!},${first!}` }),
    ] as const;
    expect(await raceOn(services, key)).toEqual(new Set([200]));
    expect(await proofs(installation)).toEqual([{ proof: expect.stringMatching(/^hmac-sha256:v[23]\./) }]);

    await installation.database.query('UPDATE api_key_secrets SET hash = NULL');
    const after = await installation.start({ SECRET_PEPPERS: `${third!},${second!}` });
    expect(await after.whoami(key)).toMatchObject({ status: 200 });
    expectRefusal(await after.whoami(wellFormed({ ...partsOf(key), secret: randomPart(32) })));
  });

  it('that know the pepper of the other refuse nobody without bcrypt either', async () => {
    const installation = await Installation.create(database);
    const [first, second] = await peppersOf(installation, '1', '2');
    const proofsAlone = { SECRET_HASHER: 'hmac-sha256' };
    const old = await installation.start({ ...proofsAlone, SECRET_PEPPERS: `${first!},${second!}` });
    const rotated = await installation.start({ ...proofsAlone, SECRET_PEPPERS: `${second!},${first!}` });
    const { plain_text_key: key } = await rotated.newKey(old.firstKey);
    expect(await raceOn([old, rotated], key)).toEqual(new Set([200]));
  });
});
