/** The UTC text of an instant as TypeORM stores it in SQLite: `2026-01-02 03:04:05.678`. */
export function toSqliteInstant(instant: Date): string {
  return instant.toISOString().slice(0, -1).replace('T', ' ');
}

/** The instant of such a text; an invalid Date for any other. */
export function fromSqliteInstant(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}Z`);
}
