import { dirname, resolve } from 'node:path';
import { findSettingsFile, type SettingsFile } from './settings-file.js';

/** Where the value of a setting comes from. */
export type Origin = 'environment' | 'file' | 'default';

type Values = Readonly<Record<string, string | undefined>>;

/** Pairs of settings for one secret: if both are set, it is unclear which one counts. */
export const ALTERNATIVES = [
  ['SECRET_PEPPERS', 'SECRET_PEPPERS_FILE'],
  ['BOOTSTRAP_API_KEY', 'BOOTSTRAP_API_KEY_FILE'],
  ['RATE_LIMIT_STORE', 'RATE_LIMIT_STORE_FILE'],
] as const;

/** The settings that a process was given: those of its environment, and behind them those of a file. */
export class GivenSettings {
  readonly values: Values;
  readonly #variables: Values;

  constructor(
    variables: NodeJS.ProcessEnv,
    readonly file: SettingsFile | null = null,
  ) {
    this.#variables = withoutEmpty(variables);
    const hidden = ALTERNATIVES.flatMap(([one, other]) => [
      ...(this.#variables[one] === undefined ? [] : [other]),
      ...(this.#variables[other] === undefined ? [] : [one]),
    ]);
    const behind = Object.entries(withoutEmpty(file?.values ?? {})).filter(([name]) => !hidden.includes(name as never));
    this.values = { ...Object.fromEntries(behind), ...this.#variables };
  }

  /** Those of this process. Throws `EnvironmentError` for a file that cannot be used. */
  static ofProcess(): GivenSettings {
    return new GivenSettings(process.env, findSettingsFile(process.env));
  }

  originOf(name: string): Origin {
    if (this.#variables[name] !== undefined) return 'environment';
    return this.values[name] === undefined ? 'default' : 'file';
  }

  /** A path that is the value of a setting. With a settings file, all but those of the environment begin at its folder. */
  pathOf(name: string, path: string): string {
    return this.file === null || this.originOf(name) === 'environment' ? path : resolve(dirname(this.file.path), path);
  }
}

/** Compose files and CI systems pass an unset variable as an empty string. */
function withoutEmpty(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
