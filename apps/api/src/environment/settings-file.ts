import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { EnvironmentError } from './environment-error.js';
import { codeOf } from './error-code.js';

/** Read from the working directory if no other file is named. */
const DEFAULT_NAME = 'feather.env';

/** The variable that names another file, as `--env-file` does. */
const VARIABLE = 'FEATHER_ENV_FILE';

const SETTING = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/;
const NO_SETTING = /^\s*(?:#|$)/;

/** Settings that stand in a file. */
export interface SettingsFile {
  /** Absolute. */
  readonly path: string;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The line of each name, from 1. */
  readonly lines: ReadonlyMap<string, number>;
  /** Whether users other than the owner and the group may read or write it. */
  readonly isPublic: boolean;
}

/** Lets `findSettingsFile` read this file. */
export function useSettingsFile(path: string | undefined): void {
  if (path !== undefined) process.env[VARIABLE] = path;
}

/** The settings file of a process; null if none is named and the working directory has none. Throws `EnvironmentError`. */
export function findSettingsFile(variables: NodeJS.ProcessEnv): SettingsFile | null {
  const named = variables[VARIABLE] ?? '';
  const path = resolve(named === '' ? DEFAULT_NAME : named);
  try {
    // Editors on Windows begin a file with a byte order mark.
    return parse(path, readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), (statSync(path).mode & 0o007) !== 0);
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    if (named === '' && codeOf(error) === 'ENOENT') return null;
    const reason = codeOf(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${codeOf(error)})`;
    throw new EnvironmentError([`The settings file ${path} ${reason}`]);
  }
}

function parse(path: string, text: string, isPublic: boolean): SettingsFile {
  const lines = new Map<string, number>();
  const faults: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const place = `The settings file ${path}, line ${index + 1}`;
    const [, name] = SETTING.exec(line) ?? [];
    // The line may be the rest of a secret: do not repeat it.
    if (name === undefined && !NO_SETTING.test(line)) faults.push(`${place}, is neither NAME=VALUE nor a comment`);
    if (name === undefined) continue;
    if (lines.has(name)) faults.push(`${place}, sets ${name} again`);
    lines.set(name, index + 1);
  }
  const values = parseEnv(text);
  for (const [name, line] of lines) {
    if (name in values) continue;
    faults.push(`The settings file ${path}, line ${line}, is part of a value above it, whose quotes are not closed`);
  }
  if (faults.length > 0) throw new EnvironmentError(faults);
  return { path, values, lines, isPublic };
}
