/** Thrown where a database has not answered in time. */
export class DatabaseTimeoutError extends Error {
  override readonly name = 'DatabaseTimeoutError';

  constructor() {
    super('The database did not answer in time.');
  }
}

/**
 * The outcome of a promise if it comes within so many milliseconds.
 *
 * @throws `DatabaseTimeoutError` otherwise. What the promise does later is ignored.
 */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // Sockets are read before immediates run: an answer that came while this process was busy still counts.
      setImmediate(() => {
        reject(new DatabaseTimeoutError());
      });
    }, milliseconds);
    const stop = () => {
      clearTimeout(timer);
    };
    promise.then(stop, stop);
    promise.then(resolve, reject);
  });
}
