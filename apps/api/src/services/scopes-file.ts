import { readFileSync } from 'node:fs';
import { type CataloguedScope, ScopeCatalogue } from '@feather-identity/core';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';

/**
 * The catalogue of scopes in the file of the settings; undefined if none is set.
 *
 * @throws EnvironmentError for a file that cannot be read or is no catalogue: keys could be given any scope otherwise
 */
export function readScopesFile({ scopesFile: path }: Pick<Environment, 'scopesFile'>): CataloguedScope[] | undefined {
  if (path === null) return undefined;
  const scopes = parse(path, contentOf(path)) as CataloguedScope[];
  try {
    new ScopeCatalogue(scopes);
  } catch (error) {
    if (error instanceof RangeError) throw new EnvironmentError([`SCOPES_FILE (${path}): ${error.message}`]);
    throw error;
  }
  return scopes;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EnvironmentError([`SCOPES_FILE names a file that cannot be read: ${path} (${codeOf(error)})`]);
  }
}

function parse(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new EnvironmentError([`SCOPES_FILE (${path}) is no JSON`]);
  }
}
