/** What `@Get()` and its like write on a handler. */
const HTTP_PATH = 'path';

/** What the decorators of optional packages write on a handler: `@SubscribeMessage()`, `@MessagePattern()` and its like. */
export const WEBSOCKET_MESSAGE = 'websockets:message_mapping';
export const MICROSERVICE_PATTERN = 'microservices:handler_type';

/** The same of GraphQL: `@Query()` and its like, and `@ResolveField()`. */
export const RESOLVER_TYPE = 'graphql:resolver_type';
export const RESOLVED_FIELD = 'graphql:resolve_property';

const OF_HANDLERS = [HTTP_PATH, WEBSOCKET_MESSAGE, MICROSERVICE_PATTERN, RESOLVER_TYPE, RESOLVED_FIELD];

/** Whether something outside of the application may call this method. */
export function isHandler(method: object): boolean {
  return OF_HANDLERS.some((key) => Reflect.hasMetadata(key, method));
}
