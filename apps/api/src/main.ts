import { bootstrap } from './bootstrap/bootstrap.js';
import { createApp } from './create-app.js';
import { EnvironmentError } from './environment/environment-error.js';
import { readEnvironment } from './environment/environment.js';
import { createLogger } from './logging/logger.js';
import { createIssuing, createSecretHasher } from './services/issuing.js';
import { keepFilesPrivate } from './services/private-files.js';
import { openPersistence } from './services/persistence.js';
import { onShutdownSignal } from './shutdown.js';

async function main(): Promise<void> {
  keepFilesPrivate();
  const env = readEnvironment();
  const logger = createLogger(env);
  const secretHasher = await createSecretHasher(env);
  const persistence = await openPersistence(env);
  await bootstrap(env, createIssuing(env, persistence, secretHasher), logger, (line) => {
    process.stdout.write(`${line}\n`);
  });
  const app = await createApp(env, persistence, secretHasher, logger);
  onShutdownSignal(logger, async () => {
    await app.close();
    await persistence.dataSource.destroy();
  });
  await app.listen(env.port, env.host);
  logger.info({ url: await app.getUrl() }, 'listening');
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof EnvironmentError ? `${error.message}\n` : `${describe(error)}\n`);
  process.exit(1);
});

/** The message alone: a database error would print its statement with the parameters. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node gives the error of several refused addresses a code and no message.
  const reason = error.message === '' && 'code' in error ? String(error.code) : error.message;
  return `The service did not start: ${reason}`;
}
