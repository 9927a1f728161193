import type { Caller } from '@feather-identity/core';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule, Mutation, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { ApiKeyGuard, CurrentCaller, Public, RequireScopes } from '../src/index.js';
import type { App, Platform } from './guarded-hosts.js';

const typeDefs = `
  type Owner { organization: String! }
  type Query { items: [String!]! caller: String! owner: Owner! undeclared: String open: String! openCaller: String! }
  type Mutation { touch: String! wipe: String }
  type Subscription { ticks: Int! wipes: Int! }
`;

/** What was wiped since the host was started, which only keys with \`items:write\` may do. */
export const wiped = { times: 0 };

/** A field of each kind. */
@Resolver()
class ItemsResolver {
  @RequireScopes('items:read')
  @Query()
  items(): string[] {
    return ['item-1'];
  }

  @RequireScopes()
  @Query()
  caller(@CurrentCaller() { apiKey }: Caller): string {
    return apiKey.id;
  }

  @RequireScopes()
  @Query()
  owner(): object {
    return {};
  }

  @Query()
  undeclared(): string {
    return 'never';
  }

  @Public()
  @Query()
  open(): string {
    return 'for everyone';
  }

  @Public()
  @Query()
  openCaller(@CurrentCaller() { apiKey }: Caller): string {
    return apiKey.id;
  }

  @RequireScopes('items:read')
  @Mutation()
  touch(): string {
    return 'touched';
  }

  @RequireScopes('items:write')
  @Mutation()
  wipe(): string {
    wiped.times += 1;
    return 'wiped';
  }

  @RequireScopes('items:read')
  @Subscription()
  async *ticks(): AsyncGenerator<object> {
    yield { ticks: 1 };
  }

  @RequireScopes('items:write')
  @Subscription()
  async *wipes(): AsyncGenerator<object> {
    wiped.times += 1;
    yield { wipes: wiped.times };
  }
}

/** A field inside another one's answer, which guards do not look at. */
@Resolver('Owner')
class OwnerResolver {
  @ResolveField()
  organization(@CurrentCaller() { organization }: Caller): string {
    return organization.name;
  }
}

const GRAPHQL: Record<Platform, () => DynamicModule> = {
  express: () =>
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typeDefs,
      graphiql: false,
      allowBatchedHttpRequests: true,
      subscriptions: { 'graphql-ws': true },
    }),
  fastify: () =>
    GraphQLModule.forRoot<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      typeDefs,
      allowBatchedQueries: true,
      subscription: { fullWsTransport: true },
    }),
};

@Module({})
class GraphQlAppModule {}

/** An application that serves GraphQL: by Apollo on Express, by Mercurius on Fastify. */
export const graphQlApp = (platform: Platform): App => ({
  behind: (identity) => ({
    module: GraphQlAppModule,
    imports: [identity, GRAPHQL[platform]()],
    providers: [ItemsResolver, OwnerResolver, { provide: APP_GUARD, useExisting: ApiKeyGuard }],
  }),
});
