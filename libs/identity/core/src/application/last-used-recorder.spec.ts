import { describe, expect, it } from '@jest/globals';
import { InMemoryApiKeyRepository } from '../testing/fakes/in-memory-api-key-repository.js';
import { InMemoryStore } from '../testing/fakes/in-memory-store.js';
import { LastUsedRecorder } from './last-used-recorder.js';

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);

class RecordingRepository extends InMemoryApiKeyRepository {
  readonly writes: [string, Date][][] = [];
  failing = false;
  duringWrite = (): void => undefined;

  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    this.duringWrite();
    if (this.failing) throw new Error('storage is down');
    this.writes.push([...lastUsed]);
  }
}

function recorder() {
  const repository = new RecordingRepository(new InMemoryStore());
  return { repository, lastUsed: new LastUsedRecorder(repository) };
}

describe('the last-used recorder', () => {
  it('writes one entry for 10,000 uses of a key: the last', async () => {
    const { repository, lastUsed } = recorder();
    for (let i = 0; i < 10_000; i += 1) lastUsed.record('a', at(i));
    lastUsed.record('b', at(1));
    await lastUsed.flush();
    expect(repository.writes).toEqual([
      [
        ['a', at(9999)],
        ['b', at(1)],
      ],
    ]);
  });

  it('does not end a flush before the one that is under way', async () => {
    const { repository, lastUsed } = recorder();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const recordLastUsed = repository.recordLastUsed.bind(repository);
    repository.recordLastUsed = async (entries) => {
      await held;
      await recordLastUsed(entries);
    };
    lastUsed.record('a', at(1));
    void lastUsed.flush();
    const last = lastUsed.flush();
    release();
    await last;
    expect(repository.writes).toEqual([[['a', at(1)]]]);
  });

  it('writes nothing when nothing was used, nor twice what was written', async () => {
    const { repository, lastUsed } = recorder();
    await lastUsed.flush();
    lastUsed.record('a', at(0));
    await lastUsed.flush();
    await lastUsed.flush();
    expect(repository.writes).toHaveLength(1);
  });

  it('keeps its entries when a flush fails, and tells the error', async () => {
    const { repository, lastUsed } = recorder();
    lastUsed.record('a', at(0));
    repository.failing = true;
    await expect(lastUsed.flush()).rejects.toThrow('storage is down');
    repository.failing = false;
    await lastUsed.flush();
    expect(repository.writes).toEqual([[['a', at(0)]]]);
  });

  it('prefers a use during a failed flush to the older one it kept', async () => {
    const { repository, lastUsed } = recorder();
    lastUsed.record('a', at(0));
    lastUsed.record('b', at(0));
    repository.failing = true;
    repository.duringWrite = () => lastUsed.record('a', at(5));
    await expect(lastUsed.flush()).rejects.toThrow('storage is down');
    repository.failing = false;
    repository.duringWrite = () => undefined;
    await lastUsed.flush();
    expect(new Map(repository.writes[0])).toEqual(
      new Map([
        ['a', at(5)],
        ['b', at(0)],
      ]),
    );
  });
});
