import { stat } from 'node:fs/promises';
import { readImportedKeyUsage } from '@feather-identity/infra';
import { EnvironmentError } from '../../environment/environment-error.js';
import { readEnvironment } from '../../environment/environment.js';
import { assertKeySettings } from '../../services/key-settings.js';
import { print } from '../print.js';
import { type Session, withSession } from '../session.js';
import { UsageError } from '../usage-error.js';
import { AcceptedKeys } from './accepted-keys.js';
import type { RowDefaults } from './imported-key-of-row.js';
import { ImportTally } from './import-tally.js';
import { Progress } from './progress.js';
import { RequiredSettings, settingOf } from './required-settings.js';
import { RowImporter } from './row-importer.js';
import { RowReport } from './row-report.js';
import { type Format, openSource, type SourceFile } from './rows-of-file.js';
import { StoppedError } from './stopped-error.js';

/** Options of `import`. */
export interface ImportOptions extends RowDefaults {
  readonly format?: Format;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/**
 * Imports the rows of a file and prints the outcome; the exit code is 1 if some were refused. Throws `UsageError` before
 * anything is stored, and `StoppedError` afterwards.
 */
export async function importFile(path: string, options: ImportOptions): Promise<void> {
  const source = await openSource(path, options.format);
  try {
    await importSource(source, path, options);
  } finally {
    source.close();
  }
}

async function importSource(source: SourceFile, path: string, options: ImportOptions): Promise<void> {
  const phase = { hasBegun: false };
  try {
    new AcceptedKeys(readEnvironment()).assertAny();
    await assertAnotherFile(path, options.report);
    const report = await RowReport.open(options.report);
    const work = async (session: Session) => {
      await assertKeySettings(session.env, session.identity.dataSource);
      phase.hasBegun = true;
      await importRows(source, report, options, session);
    };
    try {
      await withSession(work);
    } finally {
      await report.end();
    }
  } catch (error) {
    if (phase.hasBegun || error instanceof EnvironmentError || !(error instanceof Error)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

async function importRows(
  source: SourceFile,
  report: RowReport,
  options: ImportOptions,
  session: Session,
): Promise<void> {
  const settings = new RequiredSettings();
  const importer = rowImporter(options, settings, session);
  const tally = new ImportTally();
  const progress = new Progress(source);
  try {
    await report.begin();
    for await (const results of importer.import(source.rows)) {
      await report.add(results);
      tally.add(results);
      progress.show(tally);
    }
    await addStored(settings, session);
  } catch (error) {
    throw new StoppedError(tally.rows, error);
  } finally {
    progress.end();
  }
  await print(options.json, { ...tally.counts(options.dryRun ?? false), settings: settings.lines() });
  tally.refusals().forEach(printError);
  if (tally.refused > 0) process.exitCode = 1;
}

/** Adds the settings that keys of earlier imports need: they are still found by these. */
async function addStored(settings: RequiredSettings, { identity }: Session): Promise<void> {
  for (const { example } of await readImportedKeyUsage(identity.dataSource, identity.clock.now())) {
    const { entry, pepper } = settingOf(example);
    settings.add({ entry, pepper: example.isProven === true ? null : pepper });
  }
}

function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}

function rowImporter(options: ImportOptions, settings: RequiredSettings, { env, identity }: Session): RowImporter {
  return new RowImporter({
    importApiKeys: identity.importApiKeys,
    accepted: new AcceptedKeys(env),
    settings,
    defaults: options,
    dryRun: options.dryRun ?? false,
  });
}

/** A report overwrites its file. */
async function assertAnotherFile(path: string, report: string | undefined): Promise<void> {
  if (report === undefined) return;
  const [source, target] = await Promise.all([stat(path), stat(report).catch(() => null)]);
  if (target !== null && source.ino === target.ino && source.dev === target.dev) {
    throw new UsageError('The report would overwrite the file with the keys.');
  }
}
