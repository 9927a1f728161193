import type { CreatedConsoleLink } from '@feather-identity/core';
import type { Environment } from '../environment/environment.js';

/**
 * The address of a link to the console. The code stands behind `#`, which browsers send to no server.
 *
 * @param port - what the service listens on
 */
export function consoleLink({ publicUrl }: Environment, port: number, { code }: CreatedConsoleLink): string {
  return `${publicUrl ?? `http://localhost:${port}`}/console/sign-in#code=${code}`;
}
