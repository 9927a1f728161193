import { afterAll } from '@jest/globals';
import { endHelpers } from './helper.js';
import { removeInstallations } from './installation.js';

afterAll(async () => {
  await removeInstallations();
  await endHelpers();
});
