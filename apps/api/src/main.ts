import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bootstrap } from './bootstrap/bootstrap.js';
import { createApp } from './create-app.js';
import { EnvironmentError } from './environment/environment-error.js';
import { codeOf } from './environment/error-code.js';
import { type Environment, readEnvironment } from './environment/environment.js';
import { createLogger } from './logging/logger.js';
import { createIssuing, createSecretHasher } from './services/issuing.js';
import { logDamagedHashes } from './services/damaged-hash-log.js';
import { reportLostSecrets } from './services/lost-secrets.js';
import { watchForNewerVersion } from './services/newer-version.js';
import { reportUnacceptedKeys } from './services/unaccepted-keys.js';
import { keepFilesPrivate } from './services/private-files.js';
import { openPersistence } from './services/persistence.js';
import { onShutdownSignal } from './shutdown.js';

async function main(): Promise<void> {
  keepFilesPrivate();
  const env = readEnvironment();
  const logger = createLogger(env);
  for (const [name, meant] of env.misspelled) {
    logger.warn(`${name} is not a setting of this service. Did you mean ${meant}?`);
  }
  const secretHasher = await createSecretHasher(env, logDamagedHashes(logger));
  const persistence = await openPersistence(env);
  // Before the bootstrap key is checked: if its pepper is lost, this line gives the reason.
  await reportLostSecrets(env, persistence, logger);
  await reportUnacceptedKeys(env, persistence, logger);
  await watchForNewerVersion(persistence, logger);
  await bootstrap(env, createIssuing(env, persistence, secretHasher), logger, (line) => {
    process.stdout.write(`${line}\n`);
  });
  const app = await createApp(env, persistence, secretHasher, logger);
  onShutdownSignal(logger, async () => {
    await app.close();
    await persistence.dataSource.destroy();
  });
  await listen(app, env);
  logger.info({ url: await app.getUrl() }, 'listening');
}

async function listen(app: NestFastifyApplication, { host, port }: Environment): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw new EnvironmentError([`HOST and PORT name an address that cannot be listened on (${codeOf(error)})`]);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof EnvironmentError ? `${error.message}\n` : `${describe(error)}\n`);
  process.exit(1);
});

/** The message alone: a database error would print its statement with the parameters. */
function describe(error: unknown): string {
  return `The service did not start: ${error instanceof Error ? error.message : String(error)}`;
}
