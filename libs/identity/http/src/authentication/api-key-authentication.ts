import { type Caller, VerifyApiKey } from '@feather-identity/core';
import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setCaller } from './caller-of-request.js';
import { PUBLIC_ROUTE } from './public.decorator.js';

/** A request as far as authentication looks at it. */
interface RequestWithHeaders {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Authenticates requests by the `x-api-key` header, and by nothing else. */
@Injectable()
export class ApiKeyAuthentication {
  constructor(private readonly verifyApiKey: VerifyApiKey) {}

  /** The caller of this request. Throws `authentication.required`. */
  async authenticate(request: RequestWithHeaders): Promise<Caller> {
    const header = request.headers['x-api-key'];
    // Node joins a repeated header to "a, b", which is no token: nobody picks one of two keys.
    const caller = await this.verifyApiKey.execute(typeof header === 'string' ? header : '');
    setCaller(request, caller);
    return caller;
  }

  /**
   * Closes every route of the application but those marked `@Public()`, before a body is read. Call it before
   * `app.init()` or `app.listen()`.
   */
  protect(app: NestFastifyApplication): void {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', async (request) => {
        const { config } = request.routeOptions;
        if (request.is404 || (PUBLIC_ROUTE in config && config[PUBLIC_ROUTE] === true)) return;
        await this.authenticate(request);
      });
  }
}
