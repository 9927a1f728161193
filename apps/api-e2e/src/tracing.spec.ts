import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { Installation } from './support/installation.js';
import { TRACING } from './support/workspace.js';

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: object }[] };
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

it('sends spans as the manual says, the last ones when the service stops, and no key', async () => {
  const exported: Export[] = [];
  const collector = createServer((request, response) => {
    void json(request).then((body) => {
      exported.push(body as Export);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const installation = await Installation.create('sqlite');
  const service = await installation.start({
    NODE_OPTIONS: `--import ${TRACING}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_SERVICE_NAME: 'keys of the shop',
  });
  const key = service.firstKey;
  expect((await service.whoami(key)).status).toBe(200);
  // The SDK sends every 5 seconds.
  expect(await service.stop()).toMatchObject({ status: 0, stderr: '' });
  collector.close();
  const [{ resource, scopeSpans } = { resource: { attributes: [] }, scopeSpans: [] }] = exported.flatMap(
    ({ resourceSpans }) => resourceSpans,
  );
  expect(resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'keys of the shop' } });
  expect(scopeSpans.flatMap(({ spans }) => spans).map(({ name }) => name)).toEqual([
    'ApiKeyRepository.findCredential',
    'SecretHasher.verify',
    'ApiKeyAuthentication.authenticate',
    'GET /v1/identity/whoami',
  ]);
  expect(JSON.stringify(exported)).not.toContain(key.slice(-38, -6));
});
