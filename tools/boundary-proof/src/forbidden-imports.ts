import { fileIn, reexport, type Folder, type ForbiddenProbe } from './probe.js';

const boundaries = '@nx/enforce-module-boundaries';
const restricted = 'no-restricted-imports';

const refuses = (folder: Folder, module: string, rule: string, message: RegExp): ForbiddenProbe => ({
  title: `${folder} importing ${module}`,
  file: fileIn(folder),
  code: reexport(module),
  rule,
  message,
});

const arrows = [
  refuses('domain', '@feather-identity/shared-http', boundaries, /"type:domain" cannot depend on any libs/),
  refuses('domain', '@feather-identity/infra', boundaries, /Circular dependency/),
  refuses('infra', '@feather-identity/http', boundaries, /"type:adapter" can only depend on libs tagged with/),
  refuses('infra', '@feather-identity/shared-http', boundaries, /"type:adapter" can only depend on libs tagged with/),
  refuses('client', '@feather-identity/shared-http', boundaries, /"type:client" can only depend on libs tagged with/),
  refuses('client', '@feather-identity/infra', boundaries, /"type:client" can only depend on libs tagged with/),
  refuses('http', '@feather-identity/infra', boundaries, /"type:feature" can only depend on libs tagged with/),
  refuses('sharedHttp', '@feather-identity/core', boundaries, /"type:platform" cannot depend on any libs/),
  refuses('e2e', '@feather-identity/core', boundaries, /"type:e2e" cannot depend on any libs/),
  refuses('sample', '@feather-identity/client', boundaries, /"type:app" can only depend on libs tagged with/),
  refuses('console', '@feather-identity/core', boundaries, /"type:web-app" can only depend on libs tagged with/),
  refuses('react', '@feather-identity/http', boundaries, /"type:ui" can only depend on libs tagged with/),
  refuses('api', '@feather-identity/react', boundaries, /"type:app" can only depend on libs tagged with/),
  refuses('tool', '@feather-identity/core', boundaries, /"type:tool" cannot depend on any libs/),
  refuses('generator', '@feather-identity/http', boundaries, /"type:tool" cannot depend on any libs/),
];

const packages = [
  ...['@nestjs/common', 'typeorm', 'bcrypt', 'fast-check', '@jest/globals'].map((module) =>
    refuses('domain', module, boundaries, /"type:domain" is not allowed to import/),
  ),
  refuses('application', '@nestjs/common', boundaries, /"type:domain" is not allowed to import/),
  refuses('http', 'typeorm', boundaries, /Only packages defined in the "package.json"/),
  refuses('client', '@nestjs/common', boundaries, /Only packages defined in the "package.json"/),
  refuses('infra', '@nestjs/common', boundaries, /Only packages defined in the "package.json"/),
  refuses('sample', '@feather-identity/api', boundaries, /Only packages defined in the "package.json"/),
  refuses('generator', '@nestjs/common', boundaries, /Only packages defined in the "package.json"/),
  refuses('infra', 'uuid', restricted, /Ids are not secrets/),
];

const paths = [
  refuses('http', '../../core/src/index.js', boundaries, /cannot be imported by a relative or absolute path/),
  refuses('e2e', '../../api/src/main.js', boundaries, /cannot be imported by a relative or absolute path/),
  refuses('infra', '@feather-identity/core/src/domain/token.js', restricted, /not a file in it/),
];

const layers = [
  refuses('domain', '../application/ports/clock.js', restricted, /does not know the use cases/),
  refuses('domain', '../testing/index.js', restricted, /Fakes and contract suites/),
  refuses('domain', '../index.js', restricted, /import the file/),
  refuses('application', '../index.js', restricted, /import the file/),
  refuses('application', '../testing/index.js', restricted, /Fakes and contract suites/),
  refuses('application', '@feather-identity/core/testing', restricted, /Fakes and contract suites/),
  refuses('infra', '@feather-identity/core/testing', restricted, /Fakes and contract suites/),
  refuses('sample', '@feather-identity/http/testing', restricted, /Fakes and contract suites/),
  {
    title: 'a domain spec importing a use case',
    file: fileIn('domain', 'boundary-probe.spec.ts'),
    code: reexport('../application/issue-api-key.js'),
    rule: restricted,
    message: /does not know the use cases/,
  },
];

/** Imports against the arrows, the packages, the project paths and the layers inside core. */
export const forbiddenImports: readonly ForbiddenProbe[] = [...arrows, ...packages, ...paths, ...layers];
