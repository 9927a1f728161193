import { describe, expect, it } from '@jest/globals';
import { grantable, holds, isScope } from './scopes.js';

const catalogue = ['orders:cancel', 'orders:read', 'stock:read'].map((name) => ({
  name,
  description: `Of ${name}`,
  group: 'Shop',
}));
const holder = (...scopes: string[]) => ({ unrestricted: false, scopes });

describe('scopes', () => {
  it.each(['orders:read', 'orders:*', '*', 'a.b-c_d:E'])('are written like %s', (text) => {
    expect(isScope(text)).toBe(true);
  });

  it.each(['orders', 'orders:', ':read', '*:read', 'orders:read:all', 'orders read', ''])(
    'are not written like %j',
    (text) => {
      expect(isScope(text)).toBe(false);
    },
  );

  it('are held by name, by the wildcard of their resource, or with everything', () => {
    expect(holds(holder('orders:read'), 'orders:read')).toBe(true);
    expect(holds(holder('orders:*'), 'orders:read')).toBe(true);
    expect(holds(holder('*'), 'orders:*')).toBe(true);
    expect(holds({ unrestricted: true, scopes: [] }, '*')).toBe(true);
    expect(holds(holder('orders:read'), 'orders:*')).toBe(false);
    expect(holds(holder('orders:*'), 'orders2:read')).toBe(false);
    expect(holds(holder('orders:*'), '*')).toBe(false);
  });
});

describe('what a caller is offered', () => {
  it('is what it holds of the catalogue, reading first', () => {
    expect(grantable(holder('orders:*'), catalogue)).toEqual([
      {
        resource: 'orders',
        group: 'Shop',
        wildcard: true,
        actions: [
          { name: 'orders:read', action: 'read', description: 'Of orders:read' },
          { name: 'orders:cancel', action: 'cancel', description: 'Of orders:cancel' },
        ],
      },
    ]);
  });

  it('is what it holds itself, too, if the catalogue lacks it', () => {
    const [first, ...others] = grantable(holder('shipments:read', 'invoices:*'), catalogue);
    expect(first).toMatchObject({ resource: 'shipments', wildcard: false, actions: [{ name: 'shipments:read' }] });
    expect(others).toMatchObject([{ resource: 'invoices', wildcard: true, actions: [] }]);
  });
});
