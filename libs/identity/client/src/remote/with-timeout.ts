/**
 * Runs `work` with a time limit. When it passes, aborts the signal of `work` and rejects with `timeoutError()`. A timer
 * decides, not the signal: requests of `fetch` may lose their signal to the garbage collector
 * (https://github.com/nodejs/undici/issues/4068).
 */
export async function withTimeout<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  timeoutError: () => Error,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = timeoutError();
      reject(error);
      controller.abort(error);
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
