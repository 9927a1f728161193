import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generatePepper } from './pepper-ring.js';

/** The text of a pepper file; null if the file does not exist. Throws other errors of the file system. */
export async function readPepperFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * The text of a pepper file. Creates a missing file with one new pepper and mode 0600. The file is written under another
 * name and linked into place: a crash leaves no partial file, and of two processes that start at once one wins.
 */
export async function readOrCreatePepperFile(path: string): Promise<string> {
  const existing = await readPepperFile(path);
  if (existing !== null) return existing;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${generatePepper(1)}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return readFile(path, 'utf8');
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
