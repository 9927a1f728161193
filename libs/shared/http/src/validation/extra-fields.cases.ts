import { describe, expect, it } from '@jest/globals';
import { IsArray, IsBoolean, IsInt, IsString } from 'class-validator';
import { IgnoreExtra, ignoredFields, Optional, RequestPipe, RequestValidationPipe, SecretBody } from '../index.js';
import { errorAnswer } from '../errors/error-answer.js';
import { details, read } from '../../testing/read.js';

class Change {
  @Optional() @IsInt() grace?: number;
  @Optional() @IsBoolean() active?: boolean;
}

class Page {
  @Optional() @IsInt() limit?: number;
  @Optional() @IsArray() @IsString({ each: true }) tag?: string[];
}

@IgnoreExtra()
class Lenient {
  @Optional() @IsInt() grace?: number;
}

@SecretBody()
class Secret {
  @IsString() key!: string;
}

const TOKEN = `fth_live_${'a1B2'.repeat(11)}c3`;
const query = new RequestPipe(Page);

const extra = (source: string, name: string, input: unknown) => ({
  type: 'extra_forbidden',
  loc: [source, name],
  msg: 'Extra inputs are not permitted',
  input,
});
const textOf = async (answered: Promise<unknown>) => errorAnswer(await answered.catch((error: unknown) => error)).body;

describe('a field that the model does not have', () => {
  it('is refused after the issues of those that it has, in the order of the body', async () => {
    expect(await details(read('{"b":[1],"grace":"x","active":true,"a":null,"gracePeriod":5}', Change))).toEqual([
      expect.objectContaining({ type: 'int_parsing', loc: ['body', 'grace'] }),
      extra('body', 'b', [1n]),
      extra('body', 'a', null),
      extra('body', 'gracePeriod', 5n),
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', '_sa_x', 'Grace', ' grace', '', 'grace[]'])(
    'is refused whatever it is called: %j',
    async (name) => {
      const answer = await textOf(read(`{${JSON.stringify(name)}:{"_sa_x":1,"y":2.0}}`, Change));
      const input = '{"y":2.0}';
      const loc = `["body",${JSON.stringify(name)}]`;
      expect(answer).toBe(
        `{"detail":[{"type":"extra_forbidden","loc":${loc},"msg":"Extra inputs are not permitted","input":${input}}]}`,
      );
    },
  );

  it('is named in text that every JSON parser reads', async () => {
    expect(await textOf(read('{"\\ud800x":1}', Change))).toContain('"loc":["body","\uFFFDx"]');
  });

  it('is refused in a query, as one text or as the list of all that were sent', async () => {
    const sent = { limit: '1', offset: '5', tags: ['a', 'b'], tag: 'c' };
    expect(await details(query.transform(sent, { type: 'query' }))).toEqual([
      extra('query', 'offset', '5'),
      extra('query', 'tags', ['a', 'b']),
    ]);
  });

  it('is refused in a query that a parser of another kind has nested', async () => {
    const sent = { filter: { name: 'x' }, tag: [{ a: 'b' }] };
    expect(await textOf(query.transform(sent as never, { type: 'query' }))).toContain('"input":{"name":"x"}');
  });

  it('is no matter in a path, where the route itself says what there is', async () => {
    const read = new RequestPipe(Change).transform({ grace: '5', other: 'x' }, { type: 'param' });
    expect(await read).toEqual({ grace: 5 });
  });

  it('is refused by the pipe for a whole application, too', async () => {
    const pipe = new RequestValidationPipe();
    const refused = pipe.transform({ page: '1' }, { type: 'query', metatype: Page });
    expect(await details(refused)).toEqual([extra('query', 'page', '1')]);
  });

  it('is told of a thousand times at most: answers would be far larger than the body', async () => {
    const members = Array.from({ length: 5000 }, (_each, index) => `"f${index}":1`);
    expect(await details(read(`{${members.join()}}`, Change))).toHaveLength(1000);
  });

  it('never repeats a token, whether it is the value, a part of it or the name', async () => {
    const body = `{"a":"${TOKEN}","b":["key: ${TOKEN}."],"${TOKEN}":1,"grace":"${TOKEN}"}`;
    const answer = await textOf(read(body, Change));
    expect(answer).not.toContain(TOKEN.slice(20));
    expect(JSON.parse(answer)).toMatchObject({
      detail: [{ input: '***' }, { input: '***' }, { input: ['key: ***.'] }, { loc: ['body', '***'] }],
    });
    const refusal = (await read(body, Change).catch((error: unknown) => error)) as { getResponse(): object };
    expect(JSON.stringify(refusal.getResponse())).not.toContain(TOKEN.slice(20));
  });

  it('repeats nothing at all of a body that is a secret', async () => {
    const answer = await textOf(read('{"key":"a","apikey":"another system\'s key"}', Secret));
    const loc = '["body","apikey"]';
    expect(answer).toBe(`{"detail":[{"type":"extra_forbidden","loc":${loc},"msg":"Extra inputs are not permitted"}]}`);
  });

  it('is ignored where the model says so, and can be asked for', async () => {
    const lenient = (await read('{"b":1,"grace":5,"a":2}', Lenient)) as object;
    expect(lenient).toEqual({ grace: 5 });
    expect(ignoredFields(lenient)).toEqual(['b', 'a']);
    expect(ignoredFields((await read('{"grace":5}', Lenient)) as object)).toEqual([]);
  });
});
