import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../testing/test-location.js';
import { readOrCreatePepperFile, readPepperFile } from './pepper-file.js';
import { PepperRing } from './pepper-ring.js';

/** Enough to go on until the file is there. */
const READS = 200;

const newPath = () => join(temporaryFolder(), 'data', 'peppers');

describe('the pepper file', () => {
  it('is made with one pepper, for the eyes of its owner alone', async () => {
    const path = newPath();
    const text = await readOrCreatePepperFile(path);
    expect(PepperRing.parse(text).current.id).toMatch(/^v1\./);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(readPepperFile(path)).resolves.toBe(text);
  });

  it('is left as it is when it exists', async () => {
    const path = newPath();
    await mkdir(dirname(path));
    await writeFile(path, 'kept');
    await expect(readOrCreatePepperFile(path)).resolves.toBe('kept');
  });

  it('is made once by 16 concurrent calls, which leave nothing else behind', async () => {
    const path = newPath();
    const texts = await Promise.all(Array.from({ length: 16 }, () => readOrCreatePepperFile(path)));
    expect(new Set(texts).size).toBe(1);
    await expect(readdir(dirname(path))).resolves.toEqual(['peppers']);
  });

  it('is never seen half-written', async () => {
    const path = newPath();
    const seen = new Set<string>();
    const making = Promise.all(Array.from({ length: 16 }, () => readOrCreatePepperFile(path)));
    for (let i = 0; i < READS; i += 1) {
      const text = await readPepperFile(path);
      if (text !== null) seen.add(text);
    }
    const [text] = await making;
    expect([...seen]).toEqual([text]);
  });

  it('is null while it is missing, and other failures are thrown', async () => {
    const path = newPath();
    await expect(readPepperFile(path)).resolves.toBeNull();
    await expect(readPepperFile(temporaryFolder())).rejects.toThrow('EISDIR');
    await mkdir(path, { recursive: true });
    await expect(readOrCreatePepperFile(path)).rejects.toThrow('EISDIR');
  });
});
