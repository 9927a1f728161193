/** What a cell may begin with so that a spreadsheet takes it for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A record as a line of CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe before it:
 * whoever opens the file must not run what somebody has called a key.
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | null): string {
  const text = value === null ? '' : FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
