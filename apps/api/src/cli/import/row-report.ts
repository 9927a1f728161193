import { type FileHandle, open } from 'node:fs/promises';
import { codeOf } from '../../environment/error-code.js';
import { UsageError } from '../usage-error.js';
import type { RowResult } from './row-result.js';

/** A file with one line for each row, as JSON Lines. */
export class RowReport {
  private constructor(
    private readonly file: FileHandle | null,
    private readonly isFile: boolean,
  ) {}

  /** Opens the file without changing it; without a path nothing is ever written. Throws `UsageError` if it cannot be written. */
  static async open(path: string | undefined): Promise<RowReport> {
    if (path === undefined) return new RowReport(null, false);
    try {
      const file = await open(path, 'a');
      // Devices such as /dev/null cannot be truncated, and others use them, too.
      if (!(await file.stat()).isFile()) return new RowReport(file, false);
      // A file that existed keeps its mode otherwise.
      await file.chmod(0o600);
      return new RowReport(file, true);
    } catch (error) {
      throw new UsageError(`The report cannot be written (${codeOf(error)}).`);
    }
  }

  /** Empties the file. */
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
