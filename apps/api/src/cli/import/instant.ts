import { parseDateTime } from '@feather-identity/shared-http/iso-date';

const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const HOURS_ALONE = /[+-]\d{2}$/;

/**
 * The instant of an RFC 3339 text, or of one as PostgreSQL prints it (`2026-01-31 12:00:00.5+00`); null for any other.
 * An offset is required: a local time would move the end of a key by hours. Fractions beyond milliseconds are cut off.
 */
export function parseInstant(text: string): Date | null {
  const spelled = HOURS_ALONE.test(text) && text.includes(':') ? `${text}:00` : text;
  const instant = OFFSET.test(spelled) ? parseDateTime(spelled) : undefined;
  return instant === undefined ? null : new Date(instant);
}
