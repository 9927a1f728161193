import { randomBytes, randomUUID } from 'node:crypto';
import { ApiKeys, Organizations, Public } from '@feather-identity/http';
import {
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { IsEmail, IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { User } from './user.js';

/** The most that a user may give to a key. */
const USER_SCOPES = ['orders:read', 'orders:write'];

class SignUp {
  @IsString()
  company!: string;

  @IsEmail()
  email!: string;
}

class NewKey {
  @IsString()
  name!: string;

  @IsString({ each: true })
  scopes!: string[];
}

/** Sign-up, and the keys of the user who is signed in. None of these routes takes a key: they are for people. */
@Public()
@Controller()
export class AccountsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly organizations: Organizations,
    private readonly apiKeys: ApiKeys,
  ) {}

  /** Organization and user are made together, or neither is. */
  @Post('sign-up')
  async signUp(@Body() { company, email }: SignUp) {
    const user = { id: randomUUID(), email, session: randomBytes(32).toString('base64url') };
    await this.dataSource.transaction(async (manager) => {
      if (await manager.existsBy(User, { email })) throw new ConflictException('This address has an account.');
      const owner = { externalId: user.id, email, name: email };
      const { organization } = await this.organizations.within(manager).create({ name: company, owner });
      await manager.insert(User, { ...user, organizationId: organization.id });
    });
    return { session: user.session };
  }

  @Post('my/keys')
  async issue(@Headers('x-session') session: string, @Body() { name, scopes }: NewKey) {
    const { id, organizationId, email } = await this.userOf(session);
    const user = { externalId: id, email, name: email };
    const { apiKey, token } = await this.apiKeys.issue({
      organizationId,
      user,
      name,
      scopes,
      maxScopes: USER_SCOPES,
      expiresAt: null,
    });
    return { id: apiKey.id, name, scopes: apiKey.scopes, token };
  }

  @Get('my/keys')
  async list(@Headers('x-session') session: string) {
    const { id: user, organizationId } = await this.userOf(session);
    const { items } = await this.apiKeys.list({ organizationId, user });
    return items.map(({ id, name, keyPrefix, scopes, lastUsedAt }) => ({ id, name, keyPrefix, scopes, lastUsedAt }));
  }

  /** Of other users nothing is found. */
  @Delete('my/keys/:id')
  @HttpCode(204)
  async revoke(@Headers('x-session') session: string, @Param('id') id: string) {
    const { id: user, organizationId } = await this.userOf(session);
    await this.apiKeys.revoke({ organizationId, user, id });
  }

  private async userOf(session = ''): Promise<User> {
    const user = await this.dataSource.manager.findOneBy(User, { session });
    if (user === null) throw new UnauthorizedException('Sign in first.');
    return user;
  }
}
