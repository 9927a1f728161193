/** Where an application wants the identity tables among its own. */
export interface TableNaming {
  /** What their names begin with, `auth_` say: at most 24 lower-case letters, digits and underscores. */
  readonly tablePrefix?: string;
  /** The PostgreSQL schema that they are in, written likewise; without it that of the data source. */
  readonly schema?: string;
}

/** The longest name of ours has 29 characters, PostgreSQL cuts off what exceeds 63: some are left for later names. */
const MAX_PREFIX = 24;
const MAX_SCHEMA = 63;

/** The databases keep names with their own prefixes to themselves. */
const IDENTIFIER = /^(?!pg_|sqlite_)[a-z_][a-z0-9_]*$/;

/** Throws for names that would need quotes, would be cut off, or that the databases keep to themselves. */
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
