import { openTestDatabase } from '../../testing/open-test-database.js';
import { describeRepositories } from '../../testing/repository-contracts.js';

describeRepositories({
  sqlite: () => openTestDatabase('sqlite'),
  postgres: () => openTestDatabase('postgres'),
});
