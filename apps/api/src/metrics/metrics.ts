import type { VerificationTally } from '@feather-identity/core';
import type { BcryptQueue } from '@feather-identity/infra';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** What is counted, where it happens. */
export interface MetricSources {
  readonly tally: VerificationTally;
  readonly bcrypt: BcryptQueue;
  readonly apiKeys: { readonly credentialQueries: number };
}

type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[];

/**
 * The metrics of the process for Prometheus. Numbers are read when they are scraped: a request costs no more for being
 * counted.
 */
export function createMetrics({ tally, bcrypt, apiKeys }: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, read: () => Labelled): void => {
    const labelNames = Object.keys(read()[0]?.[0] ?? {});
    const metric = new Counter({ name, help, labelNames, registers: [registry], collect });
    function collect(): void {
      metric.reset();
      for (const [labels, value] of read()) metric.inc(labels, value);
    }
  };
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  counter('feather_verifications_total', 'Verified requests, by outcome or by the check that refused.', () => [
    [{ outcome: 'accepted' }, tally.accepted],
    ...Object.entries(tally.refused).map(([stage, count]) => [{ outcome: stage }, count] as const),
  ]);
  counter('feather_proofs_recalled_total', 'Verifications of a secret that was proven before.', () => [
    [{}, tally.recalled],
  ]);
  counter('feather_throttled_total', 'Requests answered 429 after too many failures.', () => [[{}, tally.throttled]]);
  counter('feather_limited_total', 'Requests answered 429 since their organization made too many.', () => [
    [{}, tally.limited],
  ]);
  counter('feather_credential_queries_total', 'Credential look-ups that reached the database.', () => [
    [{}, apiKeys.credentialQueries],
  ]);
  counter('feather_bcrypt_jobs_total', 'bcrypt jobs begun, by kind.', () => [
    [{ kind: 'check' }, bcrypt.checks],
    [{ kind: 'hash' }, bcrypt.hashes],
  ]);
  counter('feather_bcrypt_refused_total', 'bcrypt jobs refused since too many waited.', () => [[{}, bcrypt.refused]]);
  counter('feather_bcrypt_abandoned_total', 'bcrypt jobs whose client had gone when their turn came.', () => [
    [{}, bcrypt.abandoned],
  ]);
  gauge('feather_bcrypt_running', 'bcrypt jobs that run.', () => bcrypt.running);
  gauge('feather_bcrypt_waiting', 'bcrypt jobs that wait.', () => bcrypt.waiting);
  return registry;
}
