/**
 * An instant as the Feather API writes it: ISO 8601 in UTC with `Z`, and a fraction of six digits unless it is zero
 * (as Pydantic v2 serialises a datetime).
 */
export function formatInstant(instant: Date): string {
  const iso = instant.toISOString();
  return instant.getUTCMilliseconds() === 0 ? `${iso.slice(0, -5)}Z` : `${iso.slice(0, -1)}000Z`;
}

/** The same for an instant that may be missing. */
export function formatOptionalInstant(instant: Date | null): string | null {
  return instant && formatInstant(instant);
}
