import { IdentityClientModule, IdentityModule } from '@feather-identity/http';
import { createTypeOrmIdentity, readOrCreatePepperFile, readPepperFile } from '@feather-identity/infra';
import type { DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Environment } from './environment.js';

/** What guards the routes: keys in the application's own database, or a running service that has them. */
export function identity(environment: Environment): DynamicModule {
  if (environment.identityService !== null) return IdentityClientModule.forRoot(environment.identityService);
  return IdentityModule.forRootAsync({
    inject: [DataSource],
    useFactory: async (dataSource: DataSource) =>
      createTypeOrmIdentity({ dataSource, keyNamespace: 'shop', peppers: await readPeppers(environment) }),
  });
}

/** Outside production a missing file is made. In production each process would make proofs that others cannot check. */
async function readPeppers({ production, peppersFile }: Environment): Promise<string> {
  const peppers = production ? await readPepperFile(peppersFile) : await readOrCreatePepperFile(peppersFile);
  if (peppers !== null) return peppers;
  throw new Error(
    'API_KEY_PEPPERS_FILE names no file. Make one, outside the database backup: ' +
      '(umask 077; npm run -s feather -- pepper generate > FILE)',
  );
}
