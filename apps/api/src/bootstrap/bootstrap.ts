import { readFile } from 'node:fs/promises';
import { type ApiKey, IdentityError, type OperatorUseCases } from '@feather-identity/core';
import type { Logger } from 'pino';
import { calledAs } from '../environment/called-as.js';
import { EnvironmentError } from '../environment/environment-error.js';
import type { Environment } from '../environment/environment.js';
import { shown } from '../standard-output.js';

/**
 * Creates the first key of an installation: the configured one, or outside production a generated one, which `print` writes
 * once. Throws `EnvironmentError` for a configured key that cannot be used, and `UnwrittenError`.
 *
 * @param configured - of `configuredKey`
 * @returns the key that was written; null if none was
 */
export async function bootstrap(
  env: Environment,
  configured: string | null,
  identity: OperatorUseCases,
  logger: Logger,
  print: (line: string) => Promise<void>,
): Promise<ApiKey | null> {
  if (configured !== null) {
    await adopt(configured, env, identity, logger);
    return null;
  }
  if (env.production) {
    await warnWhenEmpty(identity, logger);
    return null;
  }
  const first = await identity.bootstrapOrganization.executeIfEmpty(env.bootstrapOrganizationName);
  if (first === null) return null;
  await shown(first.apiKey, print(`API key (shown once): ${first.token.reveal()}\n`));
  return first.apiKey;
}

/** In production a key is never printed: standard output ends up in log stores. */
async function warnWhenEmpty({ listOrganizations }: OperatorUseCases, logger: Logger): Promise<void> {
  if ((await listOrganizations.execute()).length > 0) return;
  logger.warn(`There is no API key yet. Create one: ${calledAs()} organization create --name NAME`);
}

async function adopt(plainText: string, env: Environment, identity: OperatorUseCases, logger: Logger): Promise<void> {
  try {
    const state = await identity.adoptBootstrapKey.execute(plainText, env.bootstrapOrganizationName);
    if (state === 'unchanged') return;
    if (state === 'created') logger.info('The bootstrap key was stored.');
    else logger.warn(`The bootstrap key is ${state} and stays so. Configure another one.`);
  } catch (error) {
    if (!(error instanceof IdentityError) || !/^(?:token|organization)\./.test(error.code)) throw error;
    throw new EnvironmentError([`${keyVariable(env)}: ${error.message}`]);
  }
}

/** The first key of the settings, if there is one. Throws `EnvironmentError` for one that is no token of this installation. */
export async function configuredKey(env: Environment): Promise<string | null> {
  const key = env.bootstrapApiKeyFile === null ? env.bootstrapApiKey : await contentOf(env.bootstrapApiKeyFile);
  if (key === null || env.tokenFormat.parse(key) !== null) return key;
  throw new EnvironmentError([
    `${keyVariable(env)}: The bootstrap key is no well-formed token of this installation. Make one: feather token generate`,
  ]);
}

async function contentOf(file: string): Promise<string> {
  try {
    // Editors and `echo` add a newline.
    return (await readFile(file, 'utf8')).trimEnd();
  } catch {
    throw new EnvironmentError(['BOOTSTRAP_API_KEY_FILE names a file that cannot be read']);
  }
}

function keyVariable(env: Environment): string {
  return env.bootstrapApiKeyFile === null ? 'BOOTSTRAP_API_KEY' : 'BOOTSTRAP_API_KEY_FILE';
}
