/** A reproducible source of choices: the same for the same seed and index (mulberry32). */
export class Random {
  #state;

  constructor(seed, index) {
    this.#state = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  }

  /** From 0 to below `limit`. */
  int(limit) {
    return Math.floor(this.#next() * limit);
  }

  /** True once in `times`. */
  oneIn(times) {
    return this.int(times) === 0;
  }

  pick(items) {
    return items[this.int(items.length)];
  }

  bytes(length) {
    return Buffer.from(Array.from({ length }, () => this.int(256)));
  }

  #next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
