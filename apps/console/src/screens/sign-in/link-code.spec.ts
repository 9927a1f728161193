import { expect, it } from '@jest/globals';
import { codeIn } from './link-code.js';

it.each([
  ['#code=AbC-_1', 'AbC-_1'],
  ['#other=1', null],
  ['', null],
])('the code of a link stands in its fragment: %j', (hash, code) => {
  expect(codeIn(hash)).toBe(code);
});
