import type { ProtectMode } from './protect.options.js';

const MODULES: Record<ProtectMode, string> = {
  embedded: 'IdentityModule.forRoot(createTypeOrmIdentity({ dataSource, keyNamespace, peppers }))',
  remote: 'IdentityClientModule.forRoot({ baseUrl, apiKey })',
};

const DATA_SOURCE = `
and to the options of its data source, which is \`postgres\` or \`better-sqlite3\`:
  entities:   ...identityEntities(type)
  migrations: ...identityMigrations()`;

/** Instructions for what the generator cannot do. */
export function byHand(mode: ProtectMode): string {
  return `Write it out in the application's sources and run the generator again, or add this by hand to the module that
the application starts with:
  imports:    ${MODULES[mode]}
  providers:  { provide: APP_GUARD, useExisting: ApiKeyGuard }${mode === 'embedded' ? DATA_SOURCE : ''}
See node_modules/@feather-identity/${mode === 'embedded' ? 'infra' : 'http'}/README.md.`;
}
