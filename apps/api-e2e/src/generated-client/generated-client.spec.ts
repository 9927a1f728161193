import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../support/database.js';
import { Installation } from '../support/installation.js';
import type { Service } from '../support/service.js';
import { WORKSPACE } from '../support/workspace.js';
import { GeneratedClient } from './generate-client.js';

describe('a client generated from docs/openapi.json', () => {
  let document: string;
  let client: GeneratedClient;

  beforeAll(async () => {
    document = await readFile(join(WORKSPACE, 'docs/openapi.json'), 'utf8');
    client = await GeneratedClient.from(document);
  });

  afterAll(() => client.remove());

  describe.each(DATABASES)('on %s', (database) => {
    let service: Service;

    beforeAll(async () => {
      service = await (await Installation.create(database)).start();
    });

    it('holds the session of the README, with a type for every answer', async () => {
      expect(await client.session(service.url, service.firstKey)).toEqual({
        statuses: [201, 200, 200, 204, 401, 422, 422],
        caller: 'Default organization',
        lists: true,
        leaked: false,
        refusal: 'authentication_required',
        faults: [['string_too_short', ['body', 'name'], 'String should have at least 1 character']],
      });
    });

    it('was generated from what the service serves', async () => {
      expect((await service.send('/openapi.json')).body).toEqual(JSON.parse(document));
    });
  });

  it('does not compile against a description that leaves something out', async () => {
    const lacking = document.replaceAll('"plain_text_key"', '"plain_key"');
    await expect(GeneratedClient.from(lacking)).rejects.toThrow(/Property 'plain_text_key' does not exist/);
  });
});
