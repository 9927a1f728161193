/** What a statement does that the previous release, which still runs, cannot live with. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'renames what older versions use': /\bRENAME\b/i,
  'drops what older versions use': /\bDROP (?:TABLE|COLUMN|CONSTRAINT|VIEW|SCHEMA|INDEX(?! CONCURRENTLY IF EXISTS))\b/i,
  'changes the type of a column': /\bALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE\b/i,
  'refuses rows that older versions write':
    /\bSET NOT NULL\b|\bADD (?:CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY)(?![^]*NOT VALID)/i,
  'adds a column that older versions do not fill': /\bADD (?!CONSTRAINT)(?![^]*DEFAULT)[^]*NOT NULL/i,
  'makes a unique index, which may refuse rows that older versions write': /\bCREATE UNIQUE INDEX\b/i,
  'changes every row in one statement': /^\s*(?:UPDATE|DELETE)(?![^]*\bLIMIT\b)/i,
};
const SLOW_INDEX = /\bCREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)/i;
const CREATED_TABLE = /\bCREATE TABLE (?:IF NOT EXISTS )?(\S+)/i;

/**
 * Why the statements of an expanding migration may not run beside the previous release; empty where they may.
 *
 * @param isConcurrent - whether indexes have to be made CONCURRENTLY, as on PostgreSQL
 */
export function faultsOfExpansion(statements: readonly string[], isConcurrent: boolean): string[] {
  const created = statements
    .map((statement) => CREATED_TABLE.exec(statement)?.[1])
    .filter((name) => name !== undefined);
  const rules = Object.entries(
    isConcurrent ? { ...FORBIDDEN, 'blocks writers while it is built': SLOW_INDEX } : FORBIDDEN,
  );
  return (
    statements
      // A table that is made here is empty, and no older version knows it.
      .filter((statement) => !created.some((name) => new RegExp(`\\bON ${escape(name)}[ (]`).test(statement)))
      .flatMap((statement) =>
        rules.filter(([, rule]) => rule.test(statement)).map(([fault]) => `${fault}: ${statement}`),
      )
  );
}

function escape(name: string): string {
  return name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
