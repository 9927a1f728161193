import {
  type ActiveConsoleSession,
  Clock,
  type ConsoleEntry,
  ManageConsoleSessions,
  OpenConsoleSession,
} from '@feather-identity/core';
import { PlainJsonType, RefuseUndeclaredQuery, RequestPipe } from '@feather-identity/shared-http';
import { ApiError } from '@feather-identity/shared-http/errors';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  UseFilters,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ApiKeyAuthentication } from '../authentication/api-key-authentication.js';
import { notAuthenticated } from '../authentication/caller-of-request.js';
import { type GuardedRequest, requestIdOf } from '../authentication/guarded-request.js';
import { limitReached } from '../authentication/limit-reached.js';
import { Public } from '../authentication/route-access.js';
import { SlidingWindows } from '../authentication/sliding-windows.js';
import { connectionSignal, knownAddressOf } from '../client-request.js';
import { ContractErrorFilter } from '../errors/contract-error.filter.js';
import type { HeaderResponse } from '../header-response.js';
import { ConsoleAuthentication } from './console-authentication.js';
import { CONSOLE_API_PATH } from './console-request.js';
import { ConsoleSessionParams, ConsoleSignInRequest } from './console-session.request.js';
import { type ConsoleSessionResponse, toConsoleSessionResponse } from './console-session.response.js';

/** Sign-ins by one key, or by links of the operator, in a minute. Each writes to the audit log, whatever the key may do. */
const SIGN_INS_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Signing in to the console and out of it. It is part of the console, and not of the API. */
@ApiExcludeController()
@UseFilters(ContractErrorFilter)
@RefuseUndeclaredQuery()
@PlainJsonType()
@Public()
@Controller({ path: CONSOLE_API_PATH, version: VERSION_NEUTRAL })
export class ConsoleSessionsController {
  readonly #signIns = new SlidingWindows(MINUTE_MS);

  constructor(
    private readonly clock: Clock,
    private readonly console: ConsoleAuthentication,
    private readonly authentication: ApiKeyAuthentication,
    private readonly openConsoleSession: OpenConsoleSession,
    private readonly manageConsoleSessions: ManageConsoleSessions,
  ) {}

  @Post('sessions')
  async open(
    @Req() request: GuardedRequest,
    @Res({ passthrough: true }) response: HeaderResponse,
    @Body(new RequestPipe(ConsoleSignInRequest)) { key, code }: Readonly<ConsoleSignInRequest>,
  ): Promise<ConsoleSessionResponse> {
    const cookie = this.console.originOf(request)?.cookie;
    if (!cookie) throw unsafe();
    const shown = key ?? code;
    if (shown === undefined || (key !== undefined && code !== undefined)) throw oneOfBoth();
    const verify = () =>
      key === undefined
        ? this.openConsoleSession.verifyLink(shown)
        : this.openConsoleSession.verifyKey(shown, connectionSignal(request));
    const entry = await this.authentication.verifyShown(request, shown, verify, ({ identity }) =>
      identity.kind === 'tenant' ? identity.caller : undefined,
    );
    this.countSignIn(entry);
    const { secret, active } = await this.openConsoleSession.execute(entry, originOf(request));
    // Nobody may have planted it, and it would be out of reach.
    const earlier = await this.console.sessionOf(request);
    if (earlier !== null) await this.endSession(request, earlier, earlier.session.id);
    response.header('Set-Cookie', `${cookie.name}=${secret}; ${cookie.attributes}`);
    return toConsoleSessionResponse(active);
  }

  @Get('session')
  async find(@Req() request: GuardedRequest): Promise<ConsoleSessionResponse> {
    return toConsoleSessionResponse(await this.requireSession(request));
  }

  @HttpCode(204)
  @Delete('session')
  async endOwn(@Req() request: GuardedRequest, @Res({ passthrough: true }) response: HeaderResponse): Promise<void> {
    // From anywhere: it can only end.
    const session = await this.findSession(request);
    await this.endSession(request, session, session.session.id);
    const cookie = this.console.originOf(request)?.cookie;
    if (cookie) response.header('Set-Cookie', `${cookie.name}=; ${cookie.attributes}; Max-Age=0`);
  }

  @Get('sessions')
  async list(
    @Req() request: GuardedRequest,
  ): Promise<{ readonly data: readonly (ConsoleSessionResponse & { readonly current: boolean })[] }> {
    const own = await this.requireSession(request);
    const sessions = await this.manageConsoleSessions.list(own);
    const data = sessions.map((each) => ({
      ...toConsoleSessionResponse(each),
      current: each.session.id === own.session.id,
    }));
    return { data };
  }

  @HttpCode(204)
  @Delete('sessions/:session_id')
  async end(
    @Req() request: GuardedRequest,
    @Param(new RequestPipe(ConsoleSessionParams)) { session_id: id }: Readonly<ConsoleSessionParams>,
  ): Promise<void> {
    await this.endSession(request, await this.requireSession(request), id);
  }

  private countSignIn({ holder }: ConsoleEntry): void {
    const now = this.#signIns.now(this.clock.now());
    const id = holder.kind === 'operator' ? 'operator' : holder.apiKeyId;
    const window = this.#signIns.windowOf(id, SIGN_INS_PER_MINUTE, MINUTE_MS);
    const msUntilMore = window.msUntilFree(now);
    if (msUntilMore > 0) {
      const limit = { name: 'key', limit: SIGN_INS_PER_MINUTE, seconds: 60, remaining: 0, msUntilMore } as const;
      throw limitReached('The API key has signed in to the console too often. Try again later.', limit);
    }
    window.count(now);
  }

  private endSession(request: GuardedRequest, by: ActiveConsoleSession, id: string): Promise<void> {
    return this.manageConsoleSessions.end(by, id, originOf(request));
  }

  /** The session, within the networks and limits of its key. */
  private async requireSession(request: GuardedRequest): Promise<ActiveConsoleSession> {
    const session = await this.findSession(request);
    if (session.identity.kind === 'tenant') await this.authentication.spend(request, session.identity.caller);
    return session;
  }

  /** A key in the header is not looked at: it has no session. */
  private async findSession(request: GuardedRequest): Promise<ActiveConsoleSession> {
    const session = await this.console.sessionOf(request);
    if (session === null) throw notAuthenticated();
    return session;
  }
}

function originOf(request: GuardedRequest) {
  return { requestId: requestIdOf(request), sourceAddress: knownAddressOf(request) || null };
}

function oneOfBoth(): ApiError {
  return new ApiError({
    status: 400,
    error: 'bad_request',
    message: 'Give a key or the code of a link, and not both.',
  });
}

function unsafe(): ApiError {
  const message =
    'The console signs in over HTTPS, or at http://localhost. Behind a proxy that speaks HTTPS, set PUBLIC_URL of the service.';
  return new ApiError({ status: 403, error: 'permission_denied', message });
}
