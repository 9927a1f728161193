import { Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { addressOf, connectionSignal, knownAddressOf } from './client-request.js';

describe('the signal of a connection', () => {
  it('is one, with one listener, however many requests ask for it', () => {
    const socket = new Socket();
    const before = socket.listenerCount('close');
    const signals = Array.from({ length: 100 }, () => connectionSignal({ socket }));
    expect(new Set(signals)).toEqual(new Set([expect.any(AbortSignal)]));
    expect(socket.listenerCount('close')).toBe(before + 1);
  });

  it('aborts when the connection is closed', async () => {
    const socket = new Socket();
    const signal = connectionSignal({ socket });
    expect(signal?.aborted).toBe(false);
    socket.destroy();
    await once(socket, 'close');
    expect(signal?.aborted).toBe(true);
  });

  it('has aborted where the connection was closed before', () => {
    expect(connectionSignal({ socket: new Socket().destroy() })?.aborted).toBe(true);
  });

  it('is none where no connection is known', () => {
    expect([connectionSignal({}), connectionSignal({ socket: null })]).toEqual([undefined, undefined]);
  });
});

describe('the address of a client', () => {
  const socket = { destroyed: false, remoteAddress: '10.0.0.1', once: () => undefined };

  it.each([
    ['203.0.113.7:41000', '203.0.113.7'],
    ['[2001:db8::7]:41000', '2001:db8::7'],
    ['203.0.113.7', '203.0.113.7'],
    ['unknown', '10.0.0.1'],
    [undefined, '10.0.0.1'],
  ])('is an IP address, whatever the host makes of its proxy: %s', (ip, expected) => {
    expect(addressOf({ ip, socket })).toBe(expected);
  });

  it('is empty where nobody knows it', () => {
    expect(addressOf({ ip: 'unknown' })).toBe('');
  });

  it.each([
    ['203.0.113.7:41000', '203.0.113.7'],
    ['unknown', ''],
    ['', ''],
    [undefined, '10.0.0.1'],
  ])('that counts for networks is never that of a proxy which named none: %s', (ip, expected) => {
    expect(knownAddressOf({ ip, socket })).toBe(expected);
  });
});
