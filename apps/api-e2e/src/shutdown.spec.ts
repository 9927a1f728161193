import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { answerTo } from './support/http.js';
import { Installation } from './support/installation.js';
import type { CreatedKey } from './support/service.js';

describe.each(DATABASES)('SIGTERM on %s (OU5)', (database) => {
  it('lets a request in flight finish, stores when keys were used and exits with 0', async () => {
    const installation = await Installation.create(database);
    const service = await installation.start();
    const owner = service.firstKey;
    const from = Date.now();
    const outgoing = await service.beginCreate(owner);
    service.requestStop();
    await service.logged('shutting down');
    outgoing.end(JSON.stringify({ name: 'Made while shutting down' }));
    const answer = await answerTo(outgoing);
    expect(answer).toMatchObject({ status: 201, headers: { connection: 'close' } });
    expect(await service.outcome).toMatchObject({ status: 0, stderr: '' });
    await expect(service.whoami(owner)).rejects.toThrow();

    const { id, plain_text_key: created } = answer.body as CreatedKey;
    const restarted = await installation.start();
    const [made, first] = await restarted.list(created);
    expect(made).toMatchObject({ id, last_used_at: null });
    expect(first).toMatchObject({ name: 'Owner key' });
    expect(Date.parse(first?.last_used_at ?? '')).toBeGreaterThanOrEqual(from);
    expect(Date.parse(first?.last_used_at ?? '')).toBeLessThanOrEqual(Date.now());
  });
});
