import { exchangeBytes } from './exchange-bytes.mjs';
import { hostileRequest } from './hostile-request.mjs';
import { judge } from './judge.mjs';
import { Random } from './random.mjs';

const LANES = 16;
const SHOWN_BYTES = 600;

/** Sends hostile requests and collects what was wrong with the answers. */
export class FuzzRun {
  faults = [];
  answers = 0;
  #target;
  #revocable = [];
  #statuses = new Map();

  constructor(target) {
    this.#target = target;
  }

  /** How often each status was answered. */
  get statuses() {
    return [...this.#statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, times]) => `${status}: ${times}`)
      .join(', ');
  }

  /** Sends the requests from one index to below the other. */
  async send(from, to) {
    let next = from;
    const lane = async () => {
      for (let index = next++; index < to; index = next++) await this.#one(index);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async #one(index) {
    const { base, key, seed } = this.#target;
    const bytes = hostileRequest(new Random(seed, index), key, this.#revocable);
    const got = await exchangeBytes(base, bytes);
    if (got === null) return this.#fault(index, bytes, 'the connection was refused', '');
    for (const answer of got.answers) this.#take(index, bytes, answer);
    if (!got.complete) this.#fault(index, bytes, 'an answer that is no HTTP', '');
  }

  #take(index, bytes, answer) {
    this.answers += 1;
    this.#statuses.set(answer.status, (this.#statuses.get(answer.status) ?? 0) + 1);
    this.#target.created.note(answer);
    if (answer.status === 201) this.#revocable.push(answer.body?.id);
    const why = judge(answer);
    if (why !== null) this.#fault(index, bytes, why, `${answer.status} ${answer.text}`);
  }

  #fault(index, bytes, why, got) {
    const sent = JSON.stringify(bytes.toString('latin1').slice(0, SHOWN_BYTES));
    this.faults.push(`FAULT #${index} ${why}\n  sent ${sent}\n  got  ${JSON.stringify(got.slice(0, SHOWN_BYTES))}`);
  }
}
