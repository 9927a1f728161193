import { describe, expect, it } from '@jest/globals';
import { readSearch } from './pasted-key.js';

const KNOWN = 'fth_live_AAAAAAAA';
const PREFIX = 'fth_live_4fQ9bT2x';
const SECRET = 'K3vT0aYx7QmZ2LwRb8NsUe5HdCjGfP1i';
const FOREIGN = 'sk_live_51HxAbCdEfGh1234567890abcdef';
const KEY = `${PREFIX}${SECRET}abcdef`;

describe('what is searched for', () => {
  it.each([
    KEY,
    ` ${KEY}\n`,
    `"${KEY}"`,
    `x-api-key: ${KEY}`,
    `Authorization: Bearer ${KEY}`,
    `${PREFIX}${SECRET}`,
    `${PREFIX}K`,
    `export KEY=${KEY}`,
    `KEY="${KEY}" npm start`,
    `curl -H 'x-api-key: ${KEY}' https://api.example.com`,
    `https://api.example.com/?api_key=${KEY}&page=2`,
    `The key of key_${KEY}, which leaked`,
  ])('has nothing of the secret of a pasted key: %j', (pasted) => {
    const read = readSearch(pasted, KNOWN);
    expect(read).toEqual({ kind: 'prefix', prefix: PREFIX, secretCutOff: true });
    expect(JSON.stringify(read)).not.toContain(`${PREFIX}K`);
  });

  it('is the public part, if that is all that was pasted', () => {
    expect(readSearch(PREFIX, KNOWN)).toEqual({ kind: 'prefix', prefix: PREFIX, secretCutOff: false });
  });

  it('is a secret if it looks like a key of another system, also of one that writes keys alike', () => {
    for (const secret of [FOREIGN, 'ghp_16C7e42F292c6912E7710c838347Ae178B4a']) {
      expect(readSearch(secret, KNOWN)).toEqual({ kind: 'secret', secret });
    }
  });

  it.each([
    `export KEY=${FOREIGN}`,
    `KEY="${FOREIGN}" npm start`,
    `curl -H 'x-api-key:${FOREIGN}' https://api.example.com`,
    `https://api.example.com/?api_key=${FOREIGN}&page=2`,
  ])('is the secret alone of a longer text: %j', (pasted) => {
    expect(readSearch(pasted, KNOWN)).toEqual({ kind: 'secret', secret: FOREIGN });
  });

  it('is taken for a key of ours, whatever its first part, as long as no key of ours is known', () => {
    expect(readSearch('acme_test_4fQ9bT2xK', null)).toEqual({
      kind: 'prefix',
      prefix: 'acme_test_4fQ9bT2x',
      secretCutOff: true,
    });
  });

  it.each([
    'web shop',
    'team:checkout-service-production-eu1 of old',
    'team:shop',
    'fth_live_4f',
    '01a22b69-23c6-7604-89e8-eeb67372d507',
    'a-name-of-many-words-without-digits',
    '',
  ])('is a text otherwise: %j', (text) => {
    expect(readSearch(text, KNOWN)).toEqual({ kind: 'text', text });
  });
});
