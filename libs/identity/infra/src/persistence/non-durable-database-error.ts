/** Thrown where the database may lose an acknowledged write. The message names the settings. */
export class NonDurableDatabaseError extends Error {
  override readonly name = 'NonDurableDatabaseError';

  constructor(database: string, settings: string) {
    super(`${database} runs with ${settings}, so keys could be lost after they were handed out.`);
  }
}
