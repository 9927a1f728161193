import assert from 'node:assert/strict';
import { IdentityError, type IdentityErrorCode } from '../../domain/identity-error.js';

/**
 * One promise of a port, to be run on each of its adapters by any test runner:
 * `for (const c of contract) it(c.promise, () => c.run(harness))`.
 */
export interface ContractCase<Harness> {
  readonly promise: string;
  readonly run: (harness: Harness) => Promise<void>;
}

/** Fails unless `work` is refused with this code. */
export async function assertRefused(work: Promise<unknown>, code: IdentityErrorCode): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof IdentityError, `expected an IdentityError with ${code}, got ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}

/** The only member of a list. Fails for a list of any other length. */
export function single<T>(items: readonly T[]): T {
  const [first, ...others] = items;
  assert.ok(first !== undefined && others.length === 0, `expected one item, got ${items.length}`);
  return first;
}

/** Fails unless the case whose promise begins so fails on this harness: it proves that the contract bites. */
export async function assertCatches<Harness>(
  contract: readonly ContractCase<Harness>[],
  promise: string,
  broken: Harness,
): Promise<void> {
  const named = single(contract.filter((each) => each.promise.startsWith(promise)));
  await assert.rejects(named.run(broken), { code: 'ERR_ASSERTION' });
}
