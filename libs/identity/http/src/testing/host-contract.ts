import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer } from './answers.js';
import { ask, exchange, type GuardedHost } from './guarded-host.js';

/** What stays as the application made it. */
export const hostContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: "the application's own errors are answered by itself, by its filter and by the framework",
    async run(host) {
      const expected = { status: 409, body: { sold_out: 'The shop says so.' } };
      for (const keys of [[], [host.ownerKey]]) {
        assertAnswer(await ask(host, '/orders/sold-out', ...keys), expected);
      }
      const nowhere = { message: 'Cannot GET /nowhere', error: 'Not Found', statusCode: 404 };
      assertAnswer(await ask(host, '/nowhere'), { status: 404, body: nowhere });
    },
  },
  {
    promise: "the application's own pipe sees what its handlers take",
    async run(host) {
      const headers = { 'x-api-key': host.ownerKey, 'content-type': 'application/json' };
      const made = await exchange(`${host.url}/orders`, 'POST', headers, { item: 'pen' });
      assertAnswer(made, { status: 201, body: { item: 'pen', is_order: true } });
    },
  },
];
