import type { components } from '@feather-identity/client';
import type { KeyUsageFields } from './usage-fields.js';

type Schemas = components['schemas'];

/** A key as lists show it. */
export type ApiKey = Schemas['ApiKeyResponse'] & KeyUsageFields;

/** A key with what remains of its earlier secrets. */
export type ApiKeyDetail = Schemas['ApiKeyDetailResponse'] & KeyUsageFields;
