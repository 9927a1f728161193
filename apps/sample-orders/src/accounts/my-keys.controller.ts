import { ApiKeys, type KeyInfo, Public } from '@feather-identity/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { IssueMyKeyRequest, UpdateMyKeyRequest } from './accounts.requests.js';
import { CurrentUser, SessionGuard } from './session.guard.js';
import type { User } from './user.js';

/** The most that a user may give to a key. */
const USER_SCOPES = ['orders:read', 'orders:write'];

type MyKey = Pick<KeyInfo, 'id' | 'name' | 'keyPrefix' | 'scopes' | 'createdAt' | 'expiresAt' | 'lastUsedAt'>;

/** The API keys of the user who is signed in. */
@UseGuards(SessionGuard)
@Controller('my/keys')
export class MyKeysController {
  constructor(private readonly apiKeys: ApiKeys) {}

  @Public()
  @Post()
  async issue(
    @CurrentUser() user: User,
    @Body() { name: keyName, scopes, expiresAt }: IssueMyKeyRequest,
  ): Promise<MyKey & { token: string }> {
    const { id: externalId, organizationId, email, name } = user;
    const { apiKey, token } = await this.apiKeys.issue({
      organizationId,
      user: { externalId, email, name },
      name: keyName,
      scopes,
      maxScopes: USER_SCOPES,
      expiresAt,
    });
    return { ...toMyKey(apiKey), token };
  }

  @Public()
  @Get()
  async list(@CurrentUser() user: User): Promise<MyKey[]> {
    const { items } = await this.apiKeys.list(keysOf(user));
    return items.map(toMyKey);
  }

  @Public()
  @Patch(':id')
  async rename(
    @CurrentUser() user: User,
    @Param('id') id: string,
    @Body() { name }: UpdateMyKeyRequest,
  ): Promise<MyKey> {
    return toMyKey(await this.apiKeys.update({ ...keysOf(user), id, name }));
  }

  @Public()
  @Delete(':id')
  @HttpCode(204)
  async revoke(@CurrentUser() user: User, @Param('id') id: string): Promise<void> {
    await this.apiKeys.revoke({ ...keysOf(user), id });
  }
}

/** Of other users nothing is found. */
function keysOf({ id, organizationId }: User) {
  return { organizationId, user: id };
}

function toMyKey({ id, name, keyPrefix, scopes, createdAt, expiresAt, lastUsedAt }: KeyInfo): MyKey {
  return { id, name, keyPrefix, scopes, createdAt, expiresAt, lastUsedAt };
}
