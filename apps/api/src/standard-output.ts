import type { ApiKey, OperatorKey } from '@feather-identity/core';
import { calledAs } from './environment/called-as.js';
import { codeOf } from './environment/error-code.js';

/** Thrown if standard output cannot be written: the disk is full, or its reader has closed the pipe. */
export class UnwrittenError extends Error {
  override readonly name = 'UnwrittenError';
}

/** Writes to standard output. Throws `UnwrittenError`. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { stdout } = process;
    // The stream emits the error of the callback, too. Without a listener that would end the process.
    const ignore = (): void => undefined;
    stdout.once('error', ignore);
    stdout.write(text, (error) => {
      if (error) {
        const message = `The answer could not be written (${codeOf(error)}). What was done stays done.`;
        reject(new UnwrittenError(message, { cause: error }));
        return;
      }
      stdout.off('error', ignore);
      resolve();
    });
  });
}

/** Waits until a new key is written. If it cannot be, throws an `UnwrittenError` that says how to replace the key. */
export function shown({ id, organizationId }: ApiKey, written: Promise<void>): Promise<void> {
  const feather = calledAs();
  return explained(
    written,
    (code) =>
      `API key ${id} was made and could not be shown (${code}). Revoke it and make another: ` +
      `${feather} key revoke ${id} --organization ${organizationId}; ` +
      `${feather} key create --organization ${organizationId} --name NAME --unrestricted`,
  );
}

/** The same for a key of the operator API. */
export function shownToOperator({ id }: OperatorKey, written: Promise<void>): Promise<void> {
  return explained(
    written,
    (code) =>
      `Operator key ${id} was made and could not be shown (${code}). Revoke it and make another: ` +
      `${calledAs()} operator key revoke ${id}; ${calledAs()} operator key create --name NAME`,
  );
}

/** The same for the new token of a key that was rotated. */
export function shownAnew({ id, organizationId }: ApiKey, written: Promise<void>): Promise<void> {
  return explained(
    written,
    (code) =>
      `API key ${id} has a new token, which could not be shown (${code}). Rotate it again: ` +
      `${calledAs()} key rotate ${id} --organization ${organizationId}`,
  );
}

async function explained(written: Promise<void>, explain: (code: string) => string): Promise<void> {
  try {
    await written;
  } catch (error) {
    if (!(error instanceof UnwrittenError)) throw error;
    throw new UnwrittenError(explain(codeOf(error.cause)), { cause: error });
  }
}
