import { OPERATOR } from '../../domain/actor.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { Token } from '../../domain/token.js';
import type { ApiKeyFactory } from '../keys/api-key-factory.js';
import { OWNER_KEY, type OrganizationFactory } from './organization-factory.js';
import type { ApiKeyCredential, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import type { SecretHasher } from '../ports/secret-hasher.js';

/**
 * What became of the bootstrap key. `unchanged`: it is accepted already. `revoked`, `disabled`, `expired`, `rotated`: it is
 * known and stays refused; `disabled` also means that its organization or its member is.
 */
export type BootstrapKeyState = 'created' | 'unchanged' | 'revoked' | 'disabled' | 'expired' | 'rotated';

/**
 * Stores a token that the operator chose, as a key of the bootstrap organization's owner. Creates that organization if it
 * is missing. Idempotent, also when several instances start at once. A token that is refused stays refused.
 */
export class AdoptBootstrapKey {
  constructor(
    private readonly format: TokenFormat,
    private readonly apiKeys: ApiKeyRepository,
    private readonly organizations: OrganizationRepository,
    private readonly hasher: SecretHasher,
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly organizationFactory: OrganizationFactory,
    private readonly clock: Clock,
  ) {}

  /**
   * @param plainText - the whole token
   * @param organizationName - the name of the organization, if it has to be created
   * @throws IdentityError `token.format_invalid`: it is no well-formed token of this installation
   * @throws IdentityError `token.taken`: another secret has the same public part
   */
  async execute(plainText: string, organizationName: string): Promise<BootstrapKeyState> {
    const token = this.format.parse(plainText);
    if (token === null) {
      throw new IdentityError(
        'token.format_invalid',
        'The bootstrap key is no well-formed token of this installation.',
      );
    }
    const known = await this.apiKeys.findCredential(token.keyPrefix);
    if (known !== null) return this.state(token, known);
    try {
      return await this.insert(token, organizationName);
    } catch (error) {
      // Another instance that starts with the same key may have been faster.
      const stored = await this.apiKeys.findCredential(token.keyPrefix);
      if (stored === null) throw error;
      return this.state(token, stored);
    }
  }

  private async state(token: Token, credential: ApiKeyCredential): Promise<BootstrapKeyState> {
    const { organization, member, secret, apiKey } = credential;
    const now = this.clock.now();
    const isEnabled = organization.disabledAt === null && member.disabledAt === null;
    const reason = isEnabled ? apiKey.inactiveReason(now) : 'disabled';
    if (reason !== null) return reason;
    if (secret.validUntil !== null && secret.validUntil <= now) return 'rotated';
    if (!(await this.hasher.verify(token, secret)).valid) {
      throw new IdentityError('token.taken', 'Another key has the public part of the bootstrap key.');
    }
    return 'unchanged';
  }

  private async insert(token: Token, organizationName: string): Promise<'created' | 'revoked'> {
    if (await this.insertForOwner(token)) return 'created';
    try {
      await this.organizations.insertBootstrap(
        await this.organizationFactory.create(organizationName, 'organization.bootstrapped', { token }),
      );
      return 'created';
    } catch (error) {
      if (!(error instanceof IdentityError && error.code === 'organization.already_bootstrapped')) throw error;
      // Another instance that starts with another key was faster: its organization takes this key too. Without an owner
      // that organization was deleted, perhaps with this very key.
      return (await this.insertForOwner(token)) ? 'created' : 'revoked';
    }
  }

  private async insertForOwner(token: Token): Promise<boolean> {
    const owner = await this.organizations.findBootstrapOwner();
    if (owner === null) return false;
    await this.apiKeys.insert(await this.apiKeyFactory.create({ ...OWNER_KEY, actor: OPERATOR, owner, token }));
    return true;
  }
}
