import { generatePepper } from '@feather-identity/infra';
import { type Environment, readEnvironment } from '../src/environment/environment.js';
import { GivenSettings } from '../src/environment/given-settings.js';

const PEPPERS = generatePepper(1);

/** bcrypt's least cost: the service refuses it, and tests have no need of 50 ms a key. */
const TEST_BCRYPT_COST = 4;

/** The settings of a test: these variables, a pepper, and cheap hashes. */
export function environment(variables: Readonly<Record<string, string>>): Environment {
  const peppers = 'SECRET_PEPPERS_FILE' in variables ? {} : { SECRET_PEPPERS: PEPPERS };
  return { ...readEnvironment(new GivenSettings({ ...peppers, ...variables }), false), bcryptCost: TEST_BCRYPT_COST };
}
