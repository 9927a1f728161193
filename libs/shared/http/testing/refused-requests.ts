const MEMBERS = '/v1/identity/org/members';
const KEYS = '/v1/identity/api-keys';
const CLOSE = 'Host: a\r\nConnection: close\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** What is sent, and the status and `error` of the one answer. */
export const refusedRequests: [string, string, number, string][] = [
  // The slow ones first: they wait for the server's timeouts side by side.
  ['headers that never end', `GET ${MEMBERS} HTTP/1.1\r\nHost: a\r\n`, 408, 'request_timeout'],
  ['a body that never comes', `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{`, 408, 'request_timeout'],
  ['silence', '', 408, 'request_timeout'],
  [
    'a header section over 16 KiB',
    `GET ${MEMBERS} HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'request_header_fields_too_large',
  ],
  [
    'a header section of 1 MB',
    `GET ${MEMBERS} HTTP/1.1\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`,
    431,
    'request_header_fields_too_large',
  ],
  ['bytes that are no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'bad_request'],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'bad_request'],
  ['a NUL in a header', `GET ${MEMBERS} HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n`, 400, 'bad_request'],
  ['an unknown method', `BREW ${MEMBERS} HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'bad_request'],
  [
    'a length and chunks',
    `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n${CHUNKED}\r\n0\r\n\r\n`,
    400,
    'bad_request',
  ],
  [
    'two lengths',
    `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    400,
    'bad_request',
  ],
  [
    'a length that is no number',
    `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n{}`,
    400,
    'bad_request',
  ],
  [
    'chunks twice',
    `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    400,
    'bad_request',
  ],
  ['a chunk size that is no number', `POST ${KEYS} HTTP/1.1\r\nHost: a\r\n${CHUNKED}\r\nzz\r\n`, 400, 'bad_request'],
  ['a folded header', `GET ${MEMBERS} HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n`, 400, 'bad_request'],
  ['a bare line feed', `GET ${MEMBERS} HTTP/1.1\nHost: a\n\n`, 400, 'bad_request'],
  ['a space before the colon', `GET ${MEMBERS} HTTP/1.1\r\nHost : a\r\n\r\n`, 400, 'bad_request'],
  ['no Host', `GET ${MEMBERS} HTTP/1.1\r\n\r\n`, 400, 'bad_request'],
  ['two Hosts', `GET ${MEMBERS} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, 400, 'bad_request'],
  ['a target that is no path', `GET members HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'bad_request'],
  ['a target without an authority', `GET http:///v1/identity/org/members HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'bad_request'],
  ['a target with a star for its slash', `GET *v1/identity/org/members HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['a target of one star', `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['a path of bad escapes', `GET /%ff%zz HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['an unknown path', `GET /v2 HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['another letter case', `GET /V1/identity/org/members HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['a trailing slash', `GET ${MEMBERS}/ HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['a doubled slash', `GET /${MEMBERS} HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'not_found'],
  ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method_not_allowed'],
  ['an unknown expectation', `GET ${MEMBERS} HTTP/1.1\r\n${CLOSE}Expect: tea\r\n\r\n`, 417, 'expectation_failed'],
  [
    'a body announced too large',
    `POST ${KEYS} HTTP/1.1\r\n${CLOSE}Content-Length: 1048577\r\n\r\n`,
    413,
    'payload_too_large',
  ],
  [
    'a body too large in chunks',
    `POST ${KEYS} HTTP/1.1\r\n${CLOSE}${CHUNKED}\r\n100001\r\n${' '.repeat(0x100001)}\r\n0\r\n\r\n`,
    413,
    'payload_too_large',
  ],
];
