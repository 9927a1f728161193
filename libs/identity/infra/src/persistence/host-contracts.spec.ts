import { openHostDatabase } from '../../testing/open-host-database.js';
import { describeRepositories } from '../../testing/repository-contracts.js';

const naming = { tablePrefix: 'auth_' };

describeRepositories({
  "an application's sqlite, with a prefix": () => openHostDatabase({ type: 'sqlite', naming }),
  "an application's postgres, with a prefix": () => openHostDatabase({ type: 'postgres', naming }),
  "an application's postgres, in a schema": () => openHostDatabase({ type: 'postgres', naming: { schema: 'auth' } }),
});
