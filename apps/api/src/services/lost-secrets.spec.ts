import { describe, expect, it } from '@jest/globals';
import { generatePepper } from '@feather-identity/infra';
import { DATABASES, emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { MemoryLog } from '../../testing/memory-log.js';
import type { Environment } from '../environment/environment.js';
import { createServiceIdentity, openIdentity } from './identity.js';
import { reportLostSecrets } from './lost-secrets.js';
import { loadPeppers } from './peppers.js';

/** Makes organizations with these settings, and tells what a start with the others logs. */
async function logOf(made: readonly Environment[], started: Environment, isOpen = true) {
  const identity = await openIdentity(started, { migrates: true });
  const { dataSource } = identity;
  for (const env of made) {
    await createServiceIdentity(env, dataSource, { peppers: () => loadPeppers(env) }).createOrganization.execute(
      'Acme',
    );
  }
  const log = new MemoryLog();
  if (!isOpen) await dataSource.destroy();
  await reportLostSecrets(await loadPeppers(started), identity, log.logger);
  if (isOpen) await dataSource.destroy();
  return log.lines;
}

describe.each(DATABASES)('a start on %s', (type) => {
  const settings = async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    return (SECRET_PEPPERS: string, SECRET_HASHER = 'bcrypt') =>
      environment({ DATABASE_URL, SECRET_PEPPERS, SECRET_HASHER });
  };

  it('says in one line how many secrets are lost, and with which pepper', async () => {
    const env = await settings();
    const [first, second, third] = [generatePepper(1), generatePepper(2), generatePepper(3)];
    const made = [env(first, 'hmac-sha256'), env(first, 'hmac-sha256'), env(first), env(second, 'hmac-sha256')];
    expect(await logOf(made, env(`${third},${second}`))).toEqual([
      expect.objectContaining({ level: 50, secrets: 2, peppers: [expect.stringMatching(/^v1\./)] }),
    ]);
  });

  it('says nothing where every secret has a verifier', async () => {
    const env = await settings();
    const [first, second] = [generatePepper(1), generatePepper(2)];
    expect(await logOf([env(first), env(second, 'hmac-sha256')], env(second))).toEqual([]);
  });

  it('goes on, with a warning, when it cannot check', async () => {
    const env = await settings();
    expect(await logOf([], env(generatePepper(1)), false)).toEqual([
      expect.objectContaining({ level: 40, msg: 'could not check for secrets whose pepper is lost' }),
    ]);
  });
});
