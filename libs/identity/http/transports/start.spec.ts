import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiKeyVerifier, type Caller, TokenFormat } from '@feather-identity/core';
import { FakeApiKeyVerifier, testCaller } from '@feather-identity/core/testing';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Controller,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  Module,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ClientProxyFactory, MessagePattern, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { firstValueFrom, timeout } from 'rxjs';
import { WebSocket } from 'ws';
import { ROUTE_ACCESS } from '../src/authentication/route-access.js';
import { RecordingLogger } from '../testing/recording-logger.js';
import { ApiKeyGuard, CurrentCaller, IdentityClientModule, Public, RequireScopes } from '../src/index.js';
import { IdentityTestingModule } from '../src/testing/index.js';

@WebSocketGateway()
class DemandingGateway {
  @RequireScopes('items:read')
  @SubscribeMessage('read')
  read(): void {}
}

@WebSocketGateway()
class SilentGateway {
  @SubscribeMessage('read')
  read(): void {}
}

@WebSocketGateway()
class PublicGateway {
  @Public()
  @SubscribeMessage('read')
  read(): void {}
}

@UseGuards(ApiKeyGuard)
@WebSocketGateway()
class GuardedGateway extends DemandingGateway {}

@Controller()
class DemandingPatterns {
  @RequireScopes('items:read')
  @MessagePattern('read')
  read(): string {
    return 'never';
  }
}

@Controller()
class SilentPatterns {
  @MessagePattern('read')
  read(): string {
    return 'answered';
  }
}

@Controller()
class PublicPatterns {
  @Public()
  @MessagePattern('read')
  read(): string {
    return 'answered';
  }
}

@Resolver()
class RootResolver {
  @RequireScopes('items:read')
  @Query()
  owner(): object {
    return {};
  }
}

@Resolver('Owner')
class FieldResolver {
  @RequireScopes('items:read')
  @ResolveField()
  name(): string {
    return 'never';
  }
}

const apiKey = new TokenFormat('fth', 'live').compose('0'.repeat(8), 's'.repeat(32)).reveal();
const client = () => IdentityClientModule.forRoot({ baseUrl: 'http://127.0.0.1:9', apiKey });
const graphQl = (fieldResolverEnhancers: ('guards' | 'filters')[] = []) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    typeDefs: 'type Owner { name: String } type Query { owner: Owner }',
    graphiql: false,
    fieldResolverEnhancers,
  });

const GLOBAL = { provide: APP_GUARD, useExisting: ApiKeyGuard };

@Module({})
class HostModule {}

describe('a handler that no guard would reach', () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function start(
    parts: { controllers?: Type[]; providers?: unknown[]; imports?: unknown[] },
    configure?: (app: INestApplication) => void,
    logger = new RecordingLogger(),
  ): Promise<INestApplication> {
    const { controllers = [], providers = [], imports = [client()] } = parts;
    const module = { module: HostModule, imports, controllers, providers } as never;
    const app = await NestFactory.create(module, { logger, abortOnError: false });
    closing.push(() => app.close());
    app.useWebSocketAdapter(new WsAdapter(app));
    configure?.(app);
    await app.listen(0, '127.0.0.1');
    return app;
  }

  const stopped = (parts: Parameters<typeof start>[0], message: string) =>
    expect(start(parts)).rejects.toThrow(message);

  it.each([[DemandingGateway], [SilentGateway]])('of a gateway stops the start beside a global guard: %p', (gateway) =>
    stopped({ providers: [gateway, GLOBAL] }, `${gateway.name}.read serves a WebSocket, where not every NestJS`),
  );

  it('of a gateway stops the start where it demands scopes, and nowhere else without our guard', async () => {
    await stopped({ providers: [DemandingGateway] }, 'DemandingGateway.read serves a WebSocket');
    await start({ providers: [SilentGateway] });
  });

  it('of a gateway is served behind our guard, or where it is public', async () => {
    await start({ providers: [GuardedGateway, PublicGateway, GLOBAL] });
  });

  it.each([[DemandingPatterns], [SilentPatterns]])(
    'of a microservice stops the start beside our guard: %p',
    (patterns) =>
      stopped({ controllers: [patterns], providers: [GLOBAL] }, `${patterns.name}.read serves a microservice`),
  );

  it('of a microservice stops the start where it demands scopes, and nowhere else without our guard', async () => {
    await stopped({ controllers: [DemandingPatterns] }, 'DemandingPatterns.read serves a microservice');
    await start({ controllers: [SilentPatterns] });
    await start({ controllers: [PublicPatterns], providers: [GLOBAL] });
  });

  it('of GraphQL stops the start: an operation without our guard, a field inside an answer even behind it', async () => {
    const imports = [client(), graphQl()];
    await stopped({ imports, providers: [RootResolver] }, 'RootResolver.owner requires scopes that nothing looks at');
    const fields = { imports, providers: [RootResolver, FieldResolver, GLOBAL] };
    await stopped(fields, 'FieldResolver.name requires scopes that nothing looks at: guards run for');
    await start({ ...fields, imports: [client(), graphQl(['guards'])] });
  });

  it('stops the start of a test as it does that of the application', () =>
    stopped(
      { imports: [IdentityTestingModule], providers: [DemandingGateway] },
      'DemandingGateway.read serves a WebSocket',
    ));

  it('of a microservice is refused at once, and the log says why, where the guard was put there later', async () => {
    const logger = new RecordingLogger();
    const app = await start({ controllers: [SilentPatterns] }, undefined, logger);
    app.useGlobalGuards(app.get(ApiKeyGuard));
    const options: MicroserviceOptions = { transport: Transport.TCP, options: { port: 0, host: '127.0.0.1' } };
    const service = app.connectMicroservice(options, { inheritAppConfig: true });
    await app.startAllMicroservices();
    const { port } = service.unwrap<Server>().address() as AddressInfo;
    const proxy = ClientProxyFactory.create({ transport: Transport.TCP, options: { port, host: '127.0.0.1' } });
    const answered = firstValueFrom(proxy.send('read', {}).pipe(timeout(5000)));
    await expect(answered).rejects.toMatchObject({ message: 'Internal server error' });
    expect(logger.lines.join('\n')).toContain('ApiKeyGuard finds no API key in what comes by "rpc"');
    await proxy.close();
  });
});

/** Takes the key of each message out of it. */
@Injectable()
class MessageKeyGuard extends ApiKeyGuard {
  protected override getRequest(context: ExecutionContext) {
    return { headers: { 'x-api-key': context.switchToWs().getData<{ key: string }>().key } };
  }
}

@UseGuards(MessageKeyGuard)
@WebSocketGateway()
class SlowGateway {
  @UseGuards({ canActivate: () => new Promise<boolean>((resolve) => setTimeout(resolve, 20, true)) })
  @RequireScopes()
  @SubscribeMessage('who')
  who(@CurrentCaller() { apiKey }: Caller): object {
    return { event: 'who', data: apiKey.id };
  }
}

describe('a guard that takes its request from elsewhere', () => {
  it('tells each message of one connection its own caller', async () => {
    const keys = new FakeApiKeyVerifier();
    const module = Test.createTestingModule({ imports: [client()], providers: [SlowGateway] });
    const app = (await module.overrideProvider(ApiKeyVerifier).useValue(keys).compile()).createNestApplication();
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    const callers = [testCaller(), testCaller(), testCaller()];
    const socket = new WebSocket((await app.getUrl()).replace('http', 'ws'));
    const answers: unknown[] = [];
    await new Promise((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (answers.push((JSON.parse(data.toString()) as { data: unknown }).data) === callers.length)
          resolve(undefined);
      });
      socket.on('open', () => {
        for (const caller of callers) socket.send(JSON.stringify({ event: 'who', data: { key: keys.keyFor(caller) } }));
      });
    });
    expect(answers).toEqual(callers.map(({ apiKey }) => apiKey.id));
    socket.close();
    await app.close();
  });
});

describe('a declaration on a class', () => {
  class Gateway {
    @SubscribeMessage('read')
    handle(): void {}
    help(): void {}
  }

  class Patterns {
    @MessagePattern('read')
    handle(): void {}
    help(): void {}
  }

  class Operations {
    @Query(() => String)
    handle(): void {}
    help(): void {}
  }

  class Fields {
    @ResolveField(() => String)
    handle(): void {}
    help(): void {}
  }

  it.each([Gateway, Patterns, Operations, Fields])('is one for each handler of %p, and for nothing else', (type) => {
    RequireScopes('items:read')(type);
    const declared = ['handle', 'help'].map((name) => {
      const method = Reflect.get(type.prototype, name) as object;
      return Reflect.getMetadata(ROUTE_ACCESS, method) as unknown;
    });
    expect(declared).toEqual([['items:read'], undefined]);
  });
});
