import { expect, it } from '@jest/globals';
import { RequestMetrics } from './request-metrics.js';

it('counts a request in every bucket that its duration does not exceed', () => {
  const metrics = new RequestMetrics();
  for (const seconds of [0.0005, 0.001, 0.3, 20]) metrics.observe('GET', '/a', 200, seconds);
  const counts = [...metrics.toText().matchAll(/le="([^"]+)"} (\d+)/g)].map(([, le, count]) => [le, Number(count)]);
  expect(counts).toEqual([
    ...['0.001', '0.0025', '0.005', '0.01', '0.025', '0.05', '0.1', '0.25'].map((le) => [le, 2]),
    ...['0.5', '1', '2.5', '10'].map((le) => [le, 3]),
    ['+Inf', 4],
  ]);
  expect(metrics.toText()).toContain('_sum{method="GET",route="/a",status_class="2xx",outcome="answered"} 20.3015\n');
});

it('has one series for all statuses that mean the same, and escapes what a route may have', () => {
  const metrics = new RequestMetrics();
  for (const status of [200, 201, 204, 400, 422, 500, 502]) metrics.observe('POST', '/a"\\', status, 1);
  expect(metrics.toText().match(/_count.*/g)).toEqual([
    '_count{method="POST",route="/a\\"\\\\",status_class="2xx",outcome="answered"} 3',
    '_count{method="POST",route="/a\\"\\\\",status_class="4xx",outcome="invalid"} 2',
    '_count{method="POST",route="/a\\"\\\\",status_class="5xx",outcome="failed"} 2',
  ]);
});
