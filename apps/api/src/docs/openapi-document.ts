import { API_KEY_SECURITY } from '@feather-identity/http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI 3.1 document of the service, which names its address, `server`. */
export function createOpenApiDocument(app: INestApplication, server = '/'): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Feather API')
    .setDescription(
      'Issue, verify and revoke API keys. Wire-compatible with the identity operations of the Feather API.',
    )
    .setVersion('1.21.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(server, 'This server')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, API_KEY_SECURITY)
    .build();
  return SwaggerModule.createDocument(app, config);
}
