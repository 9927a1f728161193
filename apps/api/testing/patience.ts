import { jest } from '@jest/globals';

// Hundreds of requests and their hashes take a while when other tests run on the same cores.
jest.setTimeout(60_000);
