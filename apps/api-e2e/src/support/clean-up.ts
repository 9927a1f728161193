import { afterAll, jest } from '@jest/globals';
import { removeInstallations } from './installation.js';

// Starts of the service take seconds when other tests run on the same cores.
jest.setTimeout(60_000);

afterAll(removeInstallations);
