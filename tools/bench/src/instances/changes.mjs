import { keyIdAt, tokenAt } from '../keys.mjs';
import { changeBytes, requestBytes } from '../traffic/requests.mjs';

const KEYS = '/v1/identity/api-keys';
/** Accepts a key that may write stock. */
const MAY_WRITE = '/v1/identity/authorize?scope=stock:write';

/** What takes something away from a key: the request, the status that acknowledges it, and how often it is drawn. */
export const KINDS = {
  revocation: { share: 4, method: 'DELETE', acknowledgedBy: 204, repeatable: true },
  rotation: { share: 2, method: 'POST', path: '/rotate', acknowledgedBy: 200 },
  'fewer scopes': patch(2, { scopes: ['stock:read'] }),
  disabling: patch(1, { is_active: false }),
  'other networks': patch(1, { allowed_networks: ['203.0.113.0/24'] }),
};

function patch(share, body) {
  return { share, method: 'PATCH', body, acknowledgedBy: 200, repeatable: true };
}

/** A key and what is taken away from it. */
export class Change {
  /** When the first request left, in ms; undefined before. */
  sentAt;
  /** The instance that was asked first. */
  via;
  /** When the first answer arrived that acknowledges it; undefined before. */
  answeredAt;
  /** When the first 404 arrived: as far as the client knows the key is revoked. */
  goneAt;
  requests = 0;
  /** Whether no more requests will be sent. */
  isOver = false;
  /** For each instance, milliseconds from the answer to the first refusal of a verification that began after it. */
  refusedAfter = [];

  /** @param warm - for each instance, whether the key is verified there before the change */
  constructor(index, kind, warm) {
    this.index = index;
    this.kind = kind;
    this.warm = warm;
    this.verification = this.verificationOf(tokenAt(index));
  }

  get isSettled() {
    return this.answeredAt !== undefined || this.goneAt !== undefined;
  }

  /** The request, by one of the callers. */
  bytes(caller) {
    const { method, path = '', body } = KINDS[this.kind];
    return changeBytes(method, `${KEYS}/${keyIdAt(this.index)}${path}`, tokenAt(caller), body);
  }

  /** A request that the key, or its new secret, may make before the change and not after it. */
  verificationOf(token) {
    return requestBytes(MAY_WRITE, token);
  }

  /** What is told of it: the outcome of the first request, and the rest as it is then and later. */
  recordWith({ outcome, endedAt }, twice) {
    const { index, kind, via, sentAt, answeredAt, goneAt, requests, refusedAfter } = this;
    return { index, kind, via, outcome, sentAt, endedAt, answeredAt, goneAt, requests, twice, refusedAfter };
  }
}

/** A kind by its share. */
export function drawKind(kinds, random) {
  const drawn = kinds.flatMap((kind) => Array.from({ length: KINDS[kind].share }, () => kind));
  return drawn[Math.floor(random() * drawn.length)];
}
