import { describe, expect, it } from '@jest/globals';
import { InMemoryApiKeyRepository } from '../../testing/fakes/in-memory-api-key-repository.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { LastUsedRecorder } from './last-used-recorder.js';

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
const CURRENT = { id: 'current secret', validUntil: null };
const PREVIOUS = { id: 'previous secret', validUntil: at(1_000_000) };

class RecordingRepository extends InMemoryApiKeyRepository {
  readonly writes: [string, Date][][] = [];
  readonly secretWrites: [string, Date][][] = [];
  failing = false;
  duringWrite = (): void => undefined;

  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    this.duringWrite();
    if (this.failing) throw new Error('storage is down');
    this.writes.push([...lastUsed]);
  }

  override async recordSecretsLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    if (this.failing) throw new Error('storage is down');
    this.secretWrites.push([...lastUsed]);
  }
}

function recorder() {
  const repository = new RecordingRepository(new InMemoryStore());
  const lastUsed = new LastUsedRecorder(repository);
  const use = (id: string, when: Date, secret = CURRENT as typeof CURRENT | typeof PREVIOUS) =>
    lastUsed.record({ id }, secret, when);
  return { repository, lastUsed, use };
}

describe('the last-used recorder', () => {
  it('writes one entry for 10,000 uses of a key: the last', async () => {
    const { repository, lastUsed, use } = recorder();
    for (let i = 0; i < 10_000; i += 1) use('a', at(i));
    use('b', at(1));
    await lastUsed.flush();
    expect(repository.writes).toEqual([
      [
        ['a', at(9999)],
        ['b', at(1)],
      ],
    ]);
  });

  it('writes the use of a secret in its grace period for the secret and for the key', async () => {
    const { repository, lastUsed, use } = recorder();
    use('a', at(1), PREVIOUS);
    use('a', at(2), CURRENT);
    await lastUsed.flush();
    expect([repository.writes, repository.secretWrites]).toEqual([[[['a', at(2)]]], [[[PREVIOUS.id, at(1)]]]]);
  });

  it('does not end a flush before the one that is under way', async () => {
    const { repository, lastUsed, use } = recorder();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const recordLastUsed = repository.recordLastUsed.bind(repository);
    repository.recordLastUsed = async (entries) => {
      await held;
      await recordLastUsed(entries);
    };
    use('a', at(1));
    void lastUsed.flush();
    const last = lastUsed.flush();
    release();
    await last;
    expect(repository.writes).toEqual([[['a', at(1)]]]);
  });

  it('writes nothing when nothing was used, nor twice what was written', async () => {
    const { repository, lastUsed, use } = recorder();
    await lastUsed.flush();
    use('a', at(0), PREVIOUS);
    await lastUsed.flush();
    await lastUsed.flush();
    expect([repository.writes, repository.secretWrites]).toEqual([[expect.anything()], [expect.anything()]]);
  });

  it('keeps its entries when a flush fails, and tells the error', async () => {
    const { repository, lastUsed, use } = recorder();
    use('a', at(0), PREVIOUS);
    repository.failing = true;
    await expect(lastUsed.flush()).rejects.toThrow('storage is down');
    repository.failing = false;
    await lastUsed.flush();
    expect([repository.writes, repository.secretWrites]).toEqual([[[['a', at(0)]]], [[[PREVIOUS.id, at(0)]]]]);
  });

  it('prefers a use during a failed flush to the older one it kept', async () => {
    const { repository, lastUsed, use } = recorder();
    use('a', at(0));
    use('b', at(0));
    repository.failing = true;
    repository.duringWrite = () => use('a', at(5));
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
