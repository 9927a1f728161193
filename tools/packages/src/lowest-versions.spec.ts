import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { tarballs } from './tarballs.js';

interface Host {
  readonly dependencies: Readonly<Record<string, string>>;
}

// The rest of the workspace runs on the newest versions, the hosts on the oldest that the packages say they run on.
it.each(['express', 'fastify'])('the host on %s has the lowest versions of what the packages ask of it', (host) => {
  const dependencies = dependenciesOf(host);
  const peers = tarballs.flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}));
  const asked = peers.filter(([peer]) => peer in dependencies);
  expect(asked.length).toBeGreaterThan(2);
  for (const [peer, range] of asked)
    expect([peer, range.split(' || ')]).toEqual([peer, expect.arrayContaining([`^${dependencies[peer] ?? ''}`])]);
});

it('one host has NestJS 11, and one NestJS 12', () => {
  const majors = ['express', 'fastify'].map((host) => dependenciesOf(host)['@nestjs/core']?.split('.')[0]);
  expect(majors.sort()).toEqual(['11', '12']);
});

function dependenciesOf(host: string): Host['dependencies'] {
  const manifest = new URL(`../hosts/${host}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as Host).dependencies;
}
