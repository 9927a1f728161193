/** Source that is linted as if it stood in `file` (from the workspace root), where nothing is ever written. */
export interface Probe {
  readonly title: string;
  readonly file: string;
  readonly code: string;
}

/** A probe that has to be refused by `rule`, and for the reason that `message` tells. */
export interface ForbiddenProbe extends Probe {
  readonly rule: string;
  readonly message: RegExp;
}

/** Folders that probes stand in. */
const folders = {
  domain: 'libs/identity/core/src/domain',
  application: 'libs/identity/core/src/application',
  testing: 'libs/identity/core/src/testing',
  infra: 'libs/identity/infra/src/crypto',
  http: 'libs/identity/http/src',
  client: 'libs/identity/client/src',
  sharedHttp: 'libs/shared/http/src',
  api: 'apps/api/src',
  environment: 'apps/api/src/environment',
  commandLine: 'apps/api/src/cli',
  e2e: 'apps/api-e2e/src',
  sample: 'apps/sample-orders/src/orders',
  console: 'apps/console/src',
  react: 'libs/identity/react/src',
  generator: 'libs/identity/nx/src',
  tool: 'tools/boundary-proof/src',
};
export type Folder = keyof typeof folders;

/** The file of a probe; no file of the workspace may have this name. */
export const fileIn = (folder: Folder, name = 'boundary-probe.ts'): string => `${folders[folder]}/${name}`;

/** An import and its use in one line, so that only the import can be at fault. */
export const reexport = (module: string): string => `export { thing } from '${module}';\n`;
