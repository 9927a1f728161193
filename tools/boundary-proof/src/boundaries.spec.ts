import { beforeAll, describe, expect, it } from '@jest/globals';
import { forbiddenCode } from './forbidden-code.js';
import { forbiddenImports } from './forbidden-imports.js';
import { legalProbes } from './legal.js';
import { lint, type LintMessage } from './lint.js';
import type { Probe } from './probe.js';

const forbidden = [...forbiddenImports, ...forbiddenCode];

describe('the lint rules', () => {
  const messagesOf = new Map<Probe, LintMessage[]>();

  beforeAll(() => {
    const probes = [...forbidden, ...legalProbes];
    const messages = lint(probes);
    probes.forEach((probe, index) => messagesOf.set(probe, messages[index] ?? []));
  });

  it.each(forbidden)('refuse $title', (probe) => {
    const { rule, message } = probe;

    expect(messagesOf.get(probe)).toContainEqual({ rule, message: expect.stringMatching(message) });
  });

  it.each(legalProbes)('allow $title', (probe) => {
    expect(messagesOf.get(probe)).toEqual([]);
  });
});
