/** What came back: status and body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks for a path with a key, or without one. */
export function get(url: string, key?: string): Promise<Answer> {
  return answerOf(url, { headers: headersOf(key) });
}

/** Sends JSON with a key. */
export function post(url: string, key: string, body: object): Promise<Answer> {
  const headers = { ...headersOf(key), 'content-type': 'application/json' };
  return answerOf(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

function headersOf(key?: string): Record<string, string> {
  return key === undefined ? {} : { 'x-api-key': key };
}

async function answerOf(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}
