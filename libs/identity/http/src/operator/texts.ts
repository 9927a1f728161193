/** A text of a member or an organization, for the OpenAPI document; as `isDisplayName` in core. */
export const TEXT = { type: 'string', minLength: 1, maxLength: 255 } as const;

/** The same, or null. */
export const nullableText = { anyOf: [TEXT, { type: 'null' }] };
