import type { Logger } from 'typeorm';

/** Keeps every statement that TypeORM sends to the database. */
export class Statements implements Logger {
  all: string[] = [];

  /** The statements sent while `work` ran. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.all = [];
    await work();
    return this.all;
  }

  logQuery(query: string): void {
    this.all.push(query);
  }

  readonly logQueryError = (): void => undefined;
  readonly logQuerySlow = (): void => undefined;
  readonly logSchemaBuild = (): void => undefined;
  readonly logMigration = (): void => undefined;
  readonly log = (): void => undefined;
}
