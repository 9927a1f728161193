export const API_KEYS = '/v1/identity/api-keys';
export const WHO_AM_I = '/v1/identity/whoami';
