import { expect, it } from '@jest/globals';
import { tryCommand } from './try-command.js';

it('the command calls the service that served the page, below the path that it is served from', () => {
  expect(tryCommand('fth_live_x', 'https://example.com/keys/console/')).toBe(
    "curl -H 'x-api-key: fth_live_x' \\\n  https://example.com/keys/v1/identity/whoami",
  );
});
