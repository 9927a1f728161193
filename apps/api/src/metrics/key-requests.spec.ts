import { expect, it } from '@jest/globals';
import { KeyRequests } from './key-requests.js';

it('shows the busiest 1,000 keys, whatever the number of others', () => {
  const requests = new KeyRequests();
  for (let index = 0; index < 500; index += 1) {
    for (let count = 0; count <= index; count += 1) requests.count(`busy ${index}`);
  }
  for (let index = 0; index < 100_000; index += 1) requests.count(`rare ${index}`);
  const shown = requests.busiest();
  expect(shown).toHaveLength(1000);
  expect(shown[0]).toEqual(['busy 499', 500]);
  expect(shown.filter(([id, count]) => id.startsWith('busy') && count > 1)).toHaveLength(499);
});
