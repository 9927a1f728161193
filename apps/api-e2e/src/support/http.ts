import { type Agent, type ClientRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

/** What to send. `body` goes out as JSON, or as it is when it is a string. */
export interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: unknown;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** `text` as JSON. Throws when it is not. */
  readonly body: unknown;
}

/** Sends a request and reads its answer; any status is an answer. */
export async function send(agent: Agent, url: string, sent: Sent = {}): Promise<Answer> {
  const { body } = sent;
  const outgoing = open(agent, url, sent, body === undefined ? {} : { 'content-type': 'application/json' });
  outgoing.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  return answerTo(outgoing);
}

/** A request whose headers the server has accepted and whose body it waits for. */
export async function sendHeaders(agent: Agent, url: string, sent: Sent): Promise<ClientRequest> {
  const outgoing = open(agent, url, sent, { 'content-type': 'application/json', expect: '100-continue' });
  return new Promise((resolve, reject) => {
    outgoing.once('continue', () => {
      resolve(outgoing);
    });
    outgoing.once('error', reject);
    outgoing.flushHeaders();
  });
}

/** The answer to a request that was sent. */
export async function answerTo(outgoing: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => (text += part));
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve(answer(incoming.statusCode ?? 0, incoming.headers, text));
      });
    });
  });
}

function answer(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  return {
    status,
    headers,
    text,
    get body(): unknown {
      return JSON.parse(text) as unknown;
    },
  };
}

function open(agent: Agent, url: string, sent: Sent, defaults: OutgoingHttpHeaders): ClientRequest {
  return request(url, { agent, method: sent.method ?? 'GET', headers: { ...defaults, ...sent.headers } });
}
