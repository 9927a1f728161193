/**
 * Gives work so many milliseconds, then aborts its signal and rejects with `tooLate()`. The timer alone decides:
 * requests of `fetch` may lose their signal to the garbage collector (https://github.com/nodejs/undici/issues/4068).
 */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  tooLate: () => Error,
): Promise<T> {
  const aborter = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const reason = tooLate();
      reject(reason);
      aborter.abort(reason);
    }, ms);
  });
  try {
    return await Promise.race([work(aborter.signal), end]);
  } finally {
    clearTimeout(timer);
  }
}
