import { fileIn, reexport, type Folder, type Probe } from './probe.js';

const allows = (folder: Folder, code: string, name?: string): Probe => {
  const file = fileIn(folder, name);
  return { title: `${code.trim()} in ${file}`, file, code };
};
const spec = 'boundary-probe.spec.ts';

// As `import type` this would leave Nest nothing to inject by.
const injectedClass = `import { Injectable } from '@nestjs/common';
import { Clock } from '@feather-identity/core';

@Injectable()
export class Watch {
  constructor(readonly clock: Clock) {}
}
`;

/** What stands beside the forbidden, so that nothing passes by everything being refused. */
export const legalProbes: readonly Probe[] = [
  allows('domain', reexport('node:crypto')),
  allows('domain', reexport('./token.js')),
  allows('application', reexport('../domain/token.js')),
  allows('testing', reexport('../application/ports/clock.js')),
  allows('domain', reexport('@jest/globals'), spec),
  allows('application', reexport('fast-check'), spec),
  allows('application', reexport('../testing/index.js'), spec),
  allows('infra', reexport('@feather-identity/core')),
  allows('infra', reexport('@feather-identity/core/testing'), spec),
  allows('infra', reexport('typeorm')),
  allows('infra', reexport('uuid'), 'uuid-boundary-probe.ts'),
  allows('console', reexport('@feather-identity/react')),
  allows('react', reexport('@feather-identity/client')),
  allows('http', reexport('@feather-identity/core')),
  allows('http', reexport('@feather-identity/client')),
  allows('client', reexport('@feather-identity/core')),
  allows('client', reexport('openapi-fetch')),
  allows('http', reexport('@feather-identity/shared-http')),
  allows('http', reexport('@feather-identity/shared-http/errors')),
  allows('api', reexport('@feather-identity/shared-http/server')),
  allows('api', reexport('@feather-identity/http/guard')),
  { title: 'a constructor-injected type', file: fileIn('http'), code: injectedClass },
  allows('sharedHttp', reexport('@nestjs/common')),
  ...['core', 'http', 'infra', 'shared-http'].map((project) => allows('api', reexport(`@feather-identity/${project}`))),
  ...['core', 'http', 'infra'].map((project) => allows('sample', reexport(`@feather-identity/${project}`))),
  allows('sample', reexport('@nestjs/typeorm')),
  allows('sample', reexport('@feather-identity/http/testing'), spec),
  allows('environment', 'export const mode = process.env.MODE;\n'),
  allows('commandLine', "console.log('hello');\n"),
  allows('e2e', reexport('node:http')),
  allows('generator', reexport('@nx/devkit')),
  allows('generator', reexport('ts-morph')),
  allows('tool', 'export const mode = process.env.MODE;\n'),
];
