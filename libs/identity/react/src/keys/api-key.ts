import type { components } from '@feather-identity/client';

type Schemas = components['schemas'];

/** A key as lists show it. */
export type ApiKey = Schemas['ApiKeyResponse'];

/** A key with what remains of its earlier secrets. */
export type ApiKeyDetail = Schemas['ApiKeyDetailResponse'];
