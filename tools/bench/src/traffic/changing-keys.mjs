import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../statistics.mjs';
import { Outcomes } from './outcomes.mjs';

const KEYS = '/v1/identity/api-keys';
const WHOAMI = '/v1/identity/whoami';
/** For each instance. */
const VERIFIERS = 3;
const PAUSE_MS = { verification: 20, change: 50, failedChange: 500 };
/** A service that gives no answer for so long hangs: its own limits are 1 second for a key and 5 for a change. */
const PATIENCE_MS = 6000;
/** Keys that stay for verifications to find. */
const LEFT_ALONE = 20;
const CHECKED_AT_ONCE = 8;

/**
 * Creates, verifies and revokes keys at several instances, and holds them to what they acknowledged: a key of a 201 is
 * there, and no verification that begins after the 204 of a revocation accepts its key.
 */
export class ChangingKeys {
  #ports;
  #admin;
  #random;
  #keys = [];
  #revoked = [];
  #running = false;
  #loops = [];
  #outcomes = new Outcomes();
  #staleAccepts = [];
  #refusedLive = 0;

  constructor(ports, admin, random) {
    this.#ports = ports;
    this.#admin = admin;
    this.#random = random;
  }

  start() {
    this.#running = true;
    const loop = async (step) => {
      while (this.#running) await sleep(await step());
    };
    this.#loops = this.#ports.flatMap((port) => [
      ...Array.from({ length: VERIFIERS }, () => loop(() => this.#verify(port))),
      loop(() => this.#create(port)),
      loop(() => this.#revoke(port)),
    ]);
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#loops);
  }

  /** Waits until every instance verifies and changes keys. False if that takes longer. */
  async areAnsweredAgain(withinMs) {
    const since = performance.now();
    while (performance.now() < since + withinMs) {
      if (this.#outcomes.areAnsweredSince(since, this.#ports)) return true;
      await sleep(PAUSE_MS.change);
    }
    return false;
  }

  /** Counts from here on. */
  forget() {
    this.#outcomes = new Outcomes();
    this.#staleAccepts = [];
    this.#refusedLive = 0;
  }

  /** What has been seen. */
  seen() {
    return {
      acknowledged: { created: this.#keys.length, revoked: this.#revoked.length },
      statuses: this.#outcomes.counts,
      gaps: this.#outcomes.longestGaps(),
      refusedAfter: percentile([0, ...this.#outcomes.refusedAfter], 0.99),
      staleAccepts: this.#staleAccepts,
      refusedLive: this.#refusedLive,
    };
  }

  /** How many acknowledged creations and revocations are gone by the word of any instance. Then it begins anew. */
  async lost() {
    const live = this.#keys.filter(({ isRevoking }) => !isRevoking);
    const lost = {
      creations: await this.#countOtherThan(200, live),
      revocations: await this.#countOtherThan(401, this.#revoked),
    };
    this.#keys = [];
    this.#revoked = [];
    return lost;
  }

  async #countOtherThan(status, keys) {
    const rest = keys.flatMap((key) => this.#ports.map((port) => ({ key, port })));
    let count = 0;
    const line = async () => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        if ((await send(next.port, WHOAMI, next.key.token)).status !== status) count += 1;
      }
    };
    await Promise.all(Array.from({ length: CHECKED_AT_ONCE }, line));
    return count;
  }

  async #verify(port) {
    const key = this.#pick();
    if (key === undefined) return PAUSE_MS.change;
    const begun = performance.now();
    const { status } = await send(port, WHOAMI, key.token);
    this.#outcomes.add('verification', port, status, begun);
    if (key.revokedAt < begun && status === 200) this.#staleAccepts.push({ port, after: begun - key.revokedAt });
    if (!key.isRevoking && status === 401) this.#refusedLive += 1;
    return PAUSE_MS.verification;
  }

  /** Every second time a key whose revocation was acknowledged, half of these times one of the last ones. */
  #pick() {
    if (this.#random() < 0.5) return this.#any(this.#random() < 0.5 ? this.#revoked.slice(-LEFT_ALONE) : this.#revoked);
    return this.#any(this.#keys.filter(({ isRevoking }) => !isRevoking));
  }

  #any(items) {
    return items[Math.floor(this.#random() * items.length)];
  }

  async #create(port) {
    const { status, body } = await send(port, KEYS, this.#admin, { method: 'POST', body: '{"name":"CI"}' });
    this.#outcomes.add('change', port, status);
    if (status !== 201) return PAUSE_MS.failedChange;
    this.#keys.push({ id: body.id, token: body.plain_text_key, isRevoking: false, revokedAt: Infinity });
    return PAUSE_MS.change;
  }

  /** A revocation without an answer may have been made or not: its key is not looked at any more. */
  async #revoke(port) {
    const live = this.#keys.filter(({ isRevoking }) => !isRevoking);
    if (live.length <= LEFT_ALONE) return PAUSE_MS.change;
    const key = this.#any(live);
    key.isRevoking = true;
    const { status } = await send(port, `${KEYS}/${key.id}`, this.#admin, { method: 'DELETE' });
    this.#outcomes.add('change', port, status);
    if (status !== 204) return PAUSE_MS.failedChange;
    key.revokedAt = performance.now();
    this.#revoked.push(key);
    return PAUSE_MS.change;
  }
}

/** Sends one request. The status is `hangs` without an answer in time, and `fails` without a connection. */
async function send(port, path, key, { method = 'GET', body } = {}) {
  const headers = { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body, signal });
    const text = await answer.text();
    return { status: answer.status, body: answer.status === 201 ? JSON.parse(text) : null };
  } catch (error) {
    return { status: error.name === 'TimeoutError' ? 'hangs' : 'fails', body: null };
  }
}
