import { type FileHandle, open } from 'node:fs/promises';
import { codeOf } from '../../environment/error-code.js';
import { UsageError } from '../usage-error.js';
import type { RowResult } from './row-result.js';

/** Where one line a row is written, as JSON Lines. */
export class RowReport {
  private constructor(
    private readonly file: FileHandle | null,
    private readonly isFile: boolean,
  ) {}

  /** Leaves what is there; without a path nothing is written. Throws `UsageError` for one that cannot be written. */
  static async open(path: string | undefined): Promise<RowReport> {
    if (path === undefined) return new RowReport(null, false);
    try {
      const file = await open(path, 'a');
      // Devices such as /dev/null have no length, and belong to others, too.
      if (!(await file.stat()).isFile()) return new RowReport(file, false);
      // One that was there keeps its mode.
      await file.chmod(0o600);
      return new RowReport(file, true);
    } catch (error) {
      throw new UsageError(`The report cannot be written (${codeOf(error)}).`);
    }
  }

  /** Begins the file anew. */
  async begin(): Promise<void> {
    if (this.isFile) await this.file?.truncate();
  }

  async add(results: readonly RowResult[]): Promise<void> {
    await this.file?.appendFile(results.map((result) => `${JSON.stringify(lineOf(result))}\n`).join(''));
  }

  async end(): Promise<void> {
    await this.file?.close();
  }
}

function lineOf({ number, outcome, keyPrefix, reason }: RowResult): Readonly<Record<string, number | string | null>> {
  return { row: number, outcome, ...(reason === null ? { key_prefix: keyPrefix } : { reason }) };
}
