import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { measureRequests } from './request-metrics.js';

it('has one series for all statuses that mean the same, and no more methods and routes than there are', async () => {
  const registry = new Registry();
  const measure = measureRequests(registry);
  for (const status of [200, 201, 204, 400, 422, 500, 502])
    measure({ method: 'POST', route: '/a', status, seconds: 1 });
  for (const method of ['BREW', 'PROPFIND']) measure({ method, route: undefined, status: 404, seconds: 1 });
  const counts = (await registry.metrics()).match(/_count.*/g);
  expect(counts).toEqual([
    '_count{method="POST",route="/a",status_class="2xx",outcome="answered"} 3',
    '_count{method="POST",route="/a",status_class="4xx",outcome="invalid"} 2',
    '_count{method="POST",route="/a",status_class="5xx",outcome="failed"} 2',
    '_count{method="other",route="unmatched",status_class="4xx",outcome="not_found"} 2',
  ]);
});
