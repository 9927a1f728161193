/** Why a database cannot serve requests at the moment, in words that may be shown to anybody. */
export class DatabaseNotReadyError extends Error {
  override readonly name = 'DatabaseNotReadyError';
}
