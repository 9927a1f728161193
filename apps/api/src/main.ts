import { parseArgs } from 'node:util';
import { drain } from '@feather-identity/shared-http/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bootstrap, configuredKey } from './bootstrap/bootstrap.js';
import { consoleLink } from './console/console-link.js';
import { hasConsole } from './console/console.routes.js';
import { CONSOLE_FOLDER, createApp } from './create-app.js';
import { EnvironmentError } from './environment/environment-error.js';
import { codeOf } from './environment/error-code.js';
import { type Environment, readEnvironment } from './environment/environment.js';
import { operator } from './environment/operator.js';
import { useSettingsFile } from './environment/settings-file.js';
import { HealthController } from './health/health.controller.js';
import { createLogger } from './logging/logger.js';
import { reasonOf, settingsLine } from './services/database.js';
import { startIdentity } from './services/identity.js';
import { rateLimitLocation } from './services/rate-limit-store.js';
import { logDamagedHashes } from './services/damaged-hash-log.js';
import { logLeases } from './services/lease-log.js';
import { reportLostSecrets } from './services/lost-secrets.js';
import { watchForNewerVersion } from './services/newer-version.js';
import { reportUnacceptedKeys } from './services/unaccepted-keys.js';
import { unawaitedStandbys } from './services/unawaited-standbys.js';
import { keepFilesPrivate } from './services/private-files.js';
import { onShutdownSignal } from './shutdown.js';
import { writeOut } from './standard-output.js';

async function main(): Promise<void> {
  keepFilesPrivate();
  useSettingsFile(settingsFileOf(process.argv.slice(2)));
  const env = readEnvironment();
  const logger = createLogger(env);
  logger.info(settingsLine(env));
  for (const warning of env.warnings) logger.warn(warning);
  // Before a database is created.
  const configured = await configuredKey(env);
  await rateLimitLocation(env);
  const { identity, peppers } = await startIdentity(env, {
    onDamagedHash: logDamagedHashes(logger),
    onLease: logLeases(logger),
  });
  // Before the bootstrap key is checked: if its pepper is lost, this line gives the reason.
  await reportLostSecrets(peppers, identity, logger);
  await reportUnacceptedKeys(env, identity, logger);
  await watchForNewerVersion(identity, logger);
  const lost = await unawaitedStandbys(identity.dataSource);
  if (lost !== null) logger.warn(lost);
  const first = await bootstrap(env, configured, identity, logger, writeOut);
  const app = await createApp(env, identity, logger);
  onShutdownSignal(logger, env.shutdownGraceSeconds * 1000, {
    leave: async (graceMs) => {
      app.get(HealthController).leave();
      await drain(app, graceMs);
    },
    cut: () => {
      app.getHttpServer().closeAllConnections();
    },
    close: async () => {
      await app.close();
      await identity.dataSource.destroy();
    },
  });
  await listen(app, env);
  const url = await app.getUrl();
  logger.info({ url }, 'listening');
  if (first === null || !env.console || !hasConsole(CONSOLE_FOLDER)) return;
  try {
    const link = await identity.createConsoleLink.forKey(first.keyPrefix, operator());
    const address = consoleLink(env, Number(new URL(url).port), link);
    await writeOut(`Console (this link works once, for 10 minutes): ${address}\n`);
  } catch (error) {
    // The service answers by now, and another link can be made.
    logger.warn(`No link to the console could be printed: ${reasonOf(error)} Make one: feather console link`);
  }
}

/** The value of `--env-file`, the only option. */
function settingsFileOf(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { 'env-file': { type: 'string' } } }).values['env-file'];
  } catch {
    throw new EnvironmentError(['The service takes one option: --env-file FILE']);
  }
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
