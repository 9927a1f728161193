import { EnvironmentError } from '../environment/environment-error.js';
import { type Environment, readEnvironment } from '../environment/environment.js';
import { type Check, checksOf } from './check.js';
import { databaseChecks } from './database-checks.js';
import { limitChecks } from './limit-checks.js';
import { diskChecks, fileChecks, proxyChecks, scopesChecks, settingsChecks } from './local-checks.js';

/** What is known of an installation. */
export interface Diagnosis {
  /** Null if the settings cannot be read. */
  readonly env: Environment | null;
  readonly checks: readonly Check[];
}

/** Checks an installation and changes nothing. */
export async function diagnose(): Promise<Diagnosis> {
  let env: Environment;
  try {
    env = readEnvironment();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { env: null, checks: error.lines.map(checksOf('settings').problem) };
  }
  const checks = [
    ...settingsChecks(env),
    ...(await databaseChecks(env)),
    ...(await limitChecks(env)),
    ...scopesChecks(env),
    ...proxyChecks(env),
    ...fileChecks(env),
    ...diskChecks(env),
  ];
  return { env, checks };
}
