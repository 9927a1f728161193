import { jest } from '@jest/globals';

// A project is installed and compiled, while other suites keep the machine busy. Nothing here is measured.
jest.setTimeout(300_000);
