import { randomUUID } from 'node:crypto';
import { Organizations, Public } from '@feather-identity/http';
import { Body, ConflictException, Controller, Delete, HttpCode, Post, UseGuards } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SignUpRequest } from './accounts.requests.js';
import { CurrentUser, SessionGuard } from './session.guard.js';
import { Sessions } from './sessions.js';
import { User } from './user.js';

/** Customers come and go. */
@Controller()
export class AccountsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly organizations: Organizations,
    private readonly sessions: Sessions,
  ) {}

  /** The user and the organization are made together, or neither is. */
  @Public()
  @Post('sign-up')
  async signUp(@Body() { company, email, name }: SignUpRequest): Promise<{ session: string }> {
    const id = randomUUID();
    await this.dataSource.transaction(async (manager) => {
      const owner = { externalId: id, email, name };
      const { organization } = await this.organizations.within(manager).create({ name: company, owner });
      if (await manager.existsBy(User, { email })) throw new ConflictException('This address has an account.');
      await manager.insert(User, { id, organizationId: organization.id, email, name });
    });
    return { session: await this.sessions.create({ id }) };
  }

  /** Ends the user's account, and with it the user's keys. */
  @Public()
  @UseGuards(SessionGuard)
  @Delete('my')
  @HttpCode(204)
  async leave(@CurrentUser() { id, organizationId }: User): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.organizations.within(manager).members.remove(organizationId, id, { by: id });
      await manager.delete(User, { id });
    });
  }
}
