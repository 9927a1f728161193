import { IdentityError } from '../../domain/identity-error.js';

/**
 * Runs `attempt` once more when a freshly drawn public part was taken (a chance of about n / 62^8 with n keys). A
 * second collision in a row means a broken random source, and its error goes on to the caller.
 */
export async function retryOnConflict<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'api_key.conflict') return attempt();
    throw error;
  }
}
