/** Where the identity tables are among an application's own. */
export interface TableNaming {
  /** Beginning of their names, such as `auth_`: at most 24 lower-case letters, digits and underscores. Default: none. */
  readonly tablePrefix?: string;
  /** Their PostgreSQL schema: at most 63 lower-case letters, digits and underscores. Default: the data source's. */
  readonly schema?: string;
}

/** PostgreSQL cuts names off after 63 characters; our longest has 29, and later ones may be longer. */
const MAX_PREFIX = 24;
const MAX_SCHEMA = 63;

/** Both databases reserve a prefix for their own names. */
const IDENTIFIER = /^(?!pg_|sqlite_)[a-z_][a-z0-9_]*$/;

/** Throws for names that would need quotes, would be cut off, or are reserved. */
export function checkTableNaming({ tablePrefix, schema }: TableNaming): void {
  check('tablePrefix', tablePrefix, MAX_PREFIX);
  check('schema', schema, MAX_SCHEMA);
}

function check(option: keyof TableNaming, name: string | undefined, maxLength: number): void {
  if (name === undefined || (IDENTIFIER.test(name) && name.length <= maxLength)) return;
  throw new Error(
    `${option} takes at most ${maxLength} lower-case letters, digits and underscores, does not begin with a digit, ` +
      'pg_ or sqlite_, and is left out rather than empty.',
  );
}
