import { IdentityClientModule, IdentityModule } from '@feather-identity/http';
import { createTypeOrmIdentity, readOrCreatePepperFile } from '@feather-identity/infra';
import type { DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Environment } from './environment.js';

/** What guards the routes: keys in the application's own database, or a running service that has them. */
export function identity({ identityService, peppersFile }: Environment): DynamicModule {
  if (identityService !== null) return IdentityClientModule.forRoot(identityService);
  return IdentityModule.forRootAsync({
    inject: [DataSource],
    useFactory: async (dataSource: DataSource) =>
      createTypeOrmIdentity({ dataSource, keyNamespace: 'shop', peppers: await readOrCreatePepperFile(peppersFile) }),
  });
}
