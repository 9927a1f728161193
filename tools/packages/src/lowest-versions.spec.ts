import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { tarballs } from './tarballs.js';

interface Host {
  readonly dependencies: Readonly<Record<string, string>>;
}

// The rest of the workspace runs on the newest versions, the hosts on the oldest that the packages say they run on.
it.each(['express', 'fastify'])('the host on %s has the lowest versions of what the packages ask of it', (name) => {
  const manifest = new URL(`../hosts/${name}/package.json`, import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as Host;
  const peers = tarballs.flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}));
  const asked = peers.filter(([peer]) => peer in dependencies);
  expect(asked.length).toBeGreaterThan(2);
  for (const [peer, range] of asked) expect([peer, dependencies[peer]]).toEqual([peer, range.replace('^', '')]);
});
