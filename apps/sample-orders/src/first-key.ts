import { BootstrapOrganization, IdentityError } from '@feather-identity/core';
import type { INestApplicationContext } from '@nestjs/common';

/**
 * The plain text of the first organization's key where the database had none; null after that. It cannot be read again.
 * An application with a sign-up makes organizations there instead, by `CreateOrganization`.
 */
export async function firstKey(app: INestApplicationContext): Promise<string | null> {
  try {
    const { token } = await app.get(BootstrapOrganization).execute('First customer');
    return token.reveal();
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'organization.already_bootstrapped') return null;
    throw error;
  }
}
