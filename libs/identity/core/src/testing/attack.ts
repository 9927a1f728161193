import type { ApiKey } from '../domain/api-key.js';
import { IdentityError } from '../domain/identity-error.js';
import { ScopeGrant } from '../domain/scope-grant.js';
import { type HeldApiKey, Tenant } from './tenant.js';

const HOUR_MS = 3_600_000;

/** What a key may do. */
export interface Power {
  /** Null for an unrestricted key. */
  readonly scopes: readonly string[] | null;
  /** Hours from the beginning; null for a key without an end. */
  readonly hours: number | null;
}

/** A key that exists before the attack. */
export interface VictimState extends Power {
  readonly disabled: boolean;
  readonly revoked: boolean;
}

/** One call of the API. Numbers choose among the tokens that the attacker holds and the keys that exist by then. */
export interface Command {
  readonly kind: 'issue' | 'update' | 'rotate' | 'revoke' | 'list' | 'wait';
  readonly token: number;
  readonly target: number;
  readonly scopes: readonly string[] | undefined;
  readonly hours: number | null | undefined;
  readonly isActive: boolean | undefined;
  readonly graceHours: number;
}

/** An organization under attack by somebody who holds one key of it, and tries whatever the use cases offer. */
export class Attack {
  /** Every token that the attacker has got hold of, with the id of the key that it is a secret of. */
  readonly held: Map<string, string>;
  /** How often each kind of call succeeded, and was refused. */
  readonly outcomes = new Map<string, number>();

  private constructor(
    readonly mine: Tenant,
    readonly theirs: Tenant,
    /** The attacker's key as it was at the beginning. */
    readonly initial: ApiKey,
    /** All other keys of the organization as they were at the beginning. */
    readonly victims: readonly ApiKey[],
    token: string,
  ) {
    this.held = new Map([[token, initial.id]]);
  }

  static async begin(attacker: Power, victims: readonly VictimState[]): Promise<Attack> {
    const mine = await Tenant.create();
    const theirs = await Tenant.create(mine.identity);
    const put = async ({ apiKey }: HeldApiKey, { scopes, hours, disabled, revoked }: VictimState): Promise<ApiKey> => {
      const changed = apiKey.with({
        // Not through the use cases: rows may be older than the grammar of scopes.
        grant: scopes === null ? ScopeGrant.unrestricted() : ScopeGrant.of(scopes),
        expiresAt: hours === null ? null : mine.in(hours * HOUR_MS),
        disabledAt: disabled ? mine.in(-1) : null,
        revokedAt: revoked ? mine.in(-1) : null,
      });
      mine.identity.store.apiKeys.set(apiKey.id, changed);
      return changed;
    };
    const others = [mine.owner.apiKey];
    for (const state of victims) others.push(await put(await mine.issue(), state));
    const held = await mine.issue();
    const initial = await put(held, { ...attacker, disabled: false, revoked: false });
    return new Attack(mine, theirs, initial, others, held.token);
  }

  /** Makes the call, on the grantor that its token has at that moment. Only refusals are swallowed. */
  async do(command: Command): Promise<void> {
    const token = [...this.held.keys()][command.token % this.held.size] ?? '';
    let outcome = 'done';
    try {
      await this.call(command, token);
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      outcome = error.code;
    }
    const key = `${command.kind}: ${outcome}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
  }

  private async call({ kind, target, scopes, hours, isActive, graceHours }: Command, token: string): Promise<void> {
    const { identity, organization } = this.mine;
    const grantor = await this.mine.grantor(token);
    const keys = [...identity.store.apiKeys.keys()];
    const id = keys[target % keys.length] ?? '';
    const expiresAt = typeof hours === 'number' ? this.mine.in(hours * HOUR_MS) : hours;
    switch (kind) {
      case 'issue': {
        const issued = await identity.issueApiKey.execute(grantor, { name: 'x', scopes, expiresAt });
        this.held.set(issued.token.reveal(), issued.apiKey.id);
        break;
      }
      case 'update':
        await identity.updateApiKey.execute(grantor, id, { scopes, expiresAt, isActive });
        break;
      case 'rotate':
        this.held.set((await identity.rotateApiKey.execute(grantor, id, graceHours * 3600)).token.reveal(), id);
        break;
      case 'revoke':
        await identity.revokeApiKey.execute(organization.id, id, grantor.actor);
        break;
      case 'list':
        await identity.listApiKeys.execute(organization.id, { limit: 3, includeRevoked: true });
        break;
      case 'wait':
        identity.clock.advance(graceHours * HOUR_MS);
    }
  }
}
