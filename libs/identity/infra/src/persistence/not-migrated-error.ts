/** Thrown where a database was to be opened as it is, and is not there or lacks migrations. */
export class NotMigratedError extends Error {
  override readonly name = 'NotMigratedError';

  constructor() {
    super('The database is not there, or not migrated.');
  }
}
