import { IdentityClientModule, IdentityModule } from '@feather-identity/http';
import { createTypeOrmIdentity, readOrCreatePepperFile, readPepperFile } from '@feather-identity/infra';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Environment } from './environment.js';

/** Global, so that every module can inject `ApiKeys` and `Organizations`. */
@Global()
@Module({})
class KeysModule {}

/** The module that guards the routes: with keys in this database, or with those of a running service. */
export function identity(environment: Environment): DynamicModule {
  if (environment.identityService !== null) return IdentityClientModule.forRoot(environment.identityService);
  const keys = IdentityModule.forRootAsync({
    inject: [DataSource],
    useFactory: async (dataSource: DataSource) =>
      createTypeOrmIdentity({ dataSource, keyNamespace: 'shop', peppers: await readPeppers(environment) }),
  });
  return { module: KeysModule, imports: [keys], exports: [keys] };
}

/** Outside production a missing file is created. In production each process would create a pepper of its own. */
async function readPeppers({ production, peppersFile }: Environment): Promise<string> {
  const peppers = production ? await readPepperFile(peppersFile) : await readOrCreatePepperFile(peppersFile);
  if (peppers !== null) return peppers;
  throw new Error(
    'API_KEY_PEPPERS_FILE names a file that does not exist. Create it, outside the database backup: ' +
      '(umask 077; npm run -s feather -- pepper generate > FILE)',
  );
}
