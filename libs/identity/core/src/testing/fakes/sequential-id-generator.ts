import { IdGenerator } from '../../application/ports/id-generator.js';

/** Well-formed UUIDv7, each greater than the one before it. Generators of different series never meet. */
export class SequentialIdGenerator extends IdGenerator {
  #count = 0;

  constructor(private readonly series = 0) {
    super();
  }

  override next(): string {
    this.#count += 1;
    return `0198${hex(this.series, 4)}-0000-7000-8000-${hex(this.#count, 12)}`;
  }
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
