import type { VerificationMetrics } from '@feather-identity/core';
import type { CredentialLeaseState, HashingQueue } from '@feather-identity/infra';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ServiceIdentity } from '../services/identity.js';
import type { KeyRequests } from './key-requests.js';

/** The objects that count. */
export interface MetricSources {
  readonly metrics: VerificationMetrics;
  readonly hashing: HashingQueue;
  readonly apiKeys: {
    readonly credentialQueries: number;
    readonly credentialLease: CredentialLeaseState | null;
  };
  readonly leaseWaits: ServiceIdentity['leaseWaits'];
  readonly log: { readonly dropped: number };
  /** Answers to what could not be read as a request. */
  readonly unread: { readonly answers: number };
  /** Null unless requests are counted by key. */
  readonly keyRequests: KeyRequests | null;
}

/** The upper bounds of how long a change of keys waits, in seconds. A lease lasts for 3. */
const WAITS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 3.5, 10];

/** Gauges of prom-client that are named like counters. Each is the sum of a gauge without the suffix. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[];

/**
 * The metrics of the process for Prometheus. The numbers are read when Prometheus asks, so requests do not pay for
 * them.
 */
export function createMetrics(sources: MetricSources): Registry {
  const { metrics, hashing, apiKeys, leaseWaits, log, unread, keyRequests } = sources;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const counter = (name: string, help: string, read: () => Labelled, labelNames = labelsOf(read())): void => {
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
    [{ outcome: 'accepted' }, metrics.accepted],
    ...Object.entries(metrics.refused).map(([stage, count]) => [{ outcome: stage }, count] as const),
  ]);
  counter('feather_proofs_recalled_total', 'Verifications of a secret that this process had proven before.', () => [
    [{}, metrics.fromCache],
  ]);
  counter('feather_throttled_total', 'Requests answered 429 after too many failures.', () => [[{}, metrics.throttled]]);
  counter('feather_limited_total', 'Requests answered 429 because their organization made too many.', () => [
    [{}, metrics.limited],
  ]);
  counter('feather_key_limited_total', 'Requests answered 429 because of the limits of their key.', () => [
    [{}, metrics.keyLimited],
  ]);
  counter('feather_address_refused_total', 'Requests with a valid key answered 403 because of their address.', () => [
    [{}, metrics.addressRefused],
  ]);
  counter('feather_credential_queries_total', 'Credential look-ups that reached the database.', () => [
    [{}, apiKeys.credentialQueries],
  ]);
  gauge('feather_credential_lease_held', 'Whether keys are verified from memory: 1 or 0.', () =>
    apiKeys.credentialLease?.isHeld === true ? 1 : 0,
  );
  gauge('feather_credentials_held', 'Credentials in memory under the lease.', () => apiKeys.credentialLease?.size ?? 0);
  const waits = new Histogram({
    name: 'feather_lease_wait_seconds',
    help: 'How long changes of keys waited for the leases of all instances.',
    buckets: WAITS,
    registers: [registry],
  });
  leaseWaits.on('waited', (milliseconds) => {
    waits.observe(milliseconds / 1000);
  });
  counter('feather_hashing_jobs_total', 'bcrypt, argon2 and scrypt jobs begun, by kind.', () => [
    [{ kind: 'check' }, hashing.checks],
    [{ kind: 'hash' }, hashing.hashes],
  ]);
  counter('feather_hashing_refused_total', 'Hashing jobs refused because too many waited.', () => [
    [{}, hashing.refused],
  ]);
  counter('feather_hashing_abandoned_total', 'Hashing jobs whose client had gone before they began.', () => [
    [{}, hashing.abandoned],
  ]);
  counter('feather_log_lines_dropped_total', 'Lines of the log that could not be written.', () => [[{}, log.dropped]]);
  counter(
    'feather_unread_requests_total',
    'Answers to malformed input, and to requests that did not arrive in time.',
    () => [[{}, unread.answers]],
  );
  if (keyRequests !== null) {
    const read = (): Labelled => keyRequests.busiest().map(([id, requests]) => [{ api_key_id: id }, requests]);
    counter('feather_key_requests_total', 'Requests by the valid key that made them; the busiest keys.', read, [
      'api_key_id',
    ]);
  }
  if (metrics.rateLimitStoreReachable !== null) {
    counter(
      'feather_limits_decided_alone_total',
      'Requests and failures that were counted for this instance alone because RATE_LIMIT_STORE did not answer.',
      () => [[{}, metrics.limitsDecidedAlone]],
    );
    gauge('feather_rate_limit_store_reachable', 'Whether RATE_LIMIT_STORE answers: 1 or 0.', () =>
      metrics.rateLimitStoreReachable === true ? 1 : 0,
    );
  }
  gauge('feather_hashing_running', 'Hashing jobs that run now.', () => hashing.running);
  gauge('feather_hashing_waiting', 'Hashing jobs that wait now.', () => hashing.waiting);
  return registry;
}

function labelsOf(read: Labelled): string[] {
  return Object.keys(read[0]?.[0] ?? {});
}
