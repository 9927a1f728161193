import { createIdentityClient, type IdentityApiError } from '@feather-identity/client';

// `node dist/create-key.js NAME SCOPE...` prints a new key, by a call of the service's API.
async function main([name = '', ...scopes]: string[]): Promise<void> {
  const client = createIdentityClient({
    baseUrl: process.env.IDENTITY_URL ?? 'http://localhost:8000',
    apiKey: process.env.IDENTITY_API_KEY ?? '',
  });
  const { data, error } = await client.POST('/v1/identity/api-keys', { body: { name, scopes } });
  if (error === undefined) console.log(data.plain_text_key);
  else {
    console.error(reasonOf(error));
    process.exitCode = 1;
  }
}

function reasonOf(error: IdentityApiError): string {
  switch (error.error) {
    case 'validation':
      return error.detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('\n');
    case 'rate_limited':
    case 'service_unavailable':
      return `${error.message} Try again in ${error.retry_after} s.`;
    case 'unexpected':
      return `The service answered ${error.status}.`;
    default:
      return error.message;
  }
}

void main(process.argv.slice(2));
