import { beforeAll, describe, expect, it } from '@jest/globals';
import { forbiddenByTypes, forbiddenCode } from './forbidden-code.js';
import { forbiddenImports } from './forbidden-imports.js';
import { legalProbes } from './legal.js';
import { lint, type LintMessage, lintTypes } from './lint.js';
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

describe('the rules of oxlint', () => {
  const allowed = 'export const same = (a: string, b: string): boolean => a === b;\n';
  let messages: LintMessage[][];

  beforeAll(() => {
    messages = lintTypes([...forbiddenByTypes.map(({ code }) => code), allowed]);
  });

  it.each(forbiddenByTypes.map(({ rule }, index) => ({ rule, index })))('hold $rule', ({ rule, index }) => {
    expect(messages[index]?.map((message) => message.rule)).toContain(rule);
  });

  it('allow what is right', () => {
    expect(messages.at(-1)).toEqual([]);
  });
});
