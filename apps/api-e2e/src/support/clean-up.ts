import { afterAll } from '@jest/globals';
import { removeInstallations } from './installation.js';

afterAll(removeInstallations);
