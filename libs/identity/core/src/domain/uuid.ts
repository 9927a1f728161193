/** The spelling of ids, as a regular expression without anchors. */
export const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const WHOLE = new RegExp(`^${UUID}$`);

/** Whether something stored can have this id. PostgreSQL takes no other text for one. */
export function isUuid(text: string): boolean {
  return WHOLE.test(text);
}
