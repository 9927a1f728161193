import { describe, expect, it } from '@jest/globals';
import { IsArray, IsInt, IsString, Max, MaxLength } from 'class-validator';
import { Nested, Nullable, Optional, OptionalBody, RequestValidationPipe, SecretBody } from '../index.js';
import { RawBody } from '../server/index.js';
import { errorAnswer } from '../errors/error-answer.js';
import { details, read } from '../../testing/read.js';

@OptionalBody()
class Settings {
  @Optional() @IsInt() seconds = 7;
}

@OptionalBody()
class NoBody {}

@OptionalBody()
class Unfinished {
  @IsInt() seconds!: number;
}

class Ordinary {
  @Optional() @IsInt() seconds = 7;
}

@SecretBody()
class Login {
  @IsString() @MaxLength(10) password!: string;
  @Optional() @IsArray() @IsString({ each: true }) tags: string[] = [];
}

const pipe = new RequestValidationPipe();
const without = (metatype: new () => object) => pipe.transform(undefined, { type: 'body', metatype });
const EXTRA = { type: 'extra_forbidden', loc: ['body', 'confirm'] };
const MISSING = { type: 'missing', loc: ['body'], msg: 'Field required', input: null };
const NO_OBJECT = 'Input should be a valid dictionary or object to extract fields from';

describe('a body that may be missing', () => {
  it.each([
    ['no body', () => without(Settings)],
    ['an empty body', () => read('', Settings)],
    ['null', () => read(' null ', Settings)],
    ['{}', () => read('{}', Settings)],
  ])('has the defaults of its fields: %s', async (_what, body) => {
    expect(await body()).toEqual({ seconds: 7 });
  });

  it('is read where there is one', async () => {
    expect(await read('{"seconds": 5}', Settings)).toEqual({ seconds: 5 });
    expect(await details(read('{"seconds": "x"}', Settings))).toMatchObject([{ type: 'int_parsing', input: 'x' }]);
  });

  it.each(['[]', '0', 'false', '""', '"null"'])('is missing by null alone: %s', async (json) => {
    expect(await details(read(json, Settings))).toMatchObject([{ type: 'model_attributes_type', loc: ['body'] }]);
  });

  it('is no body without a name for its type that is not JSON', async () => {
    const body = new RawBody(Buffer.from('null'), 'text/plain');
    expect(await details(pipe.transform(body, { type: 'body', metatype: Settings }))).toMatchObject([
      { type: 'model_attributes_type', input: 'null' },
    ]);
  });

  it('is refused by a class without fields, unless it is empty', async () => {
    for (const body of [without(NoBody), read('', NoBody), read('{}', NoBody)]) expect(await body).toEqual({});
    expect(await details(read('{"confirm": "x"}', NoBody))).toEqual([expect.objectContaining(EXTRA)]);
  });

  it('still lacks the fields that may not be left out', async () => {
    expect(await details(without(Unfinished))).toEqual([{ ...MISSING, loc: ['body', 'seconds'], input: new Map() }]);
  });

  it('is another class: without the mark there must be a body, though every field has a default', async () => {
    expect(await details(without(Ordinary))).toEqual([MISSING]);
    expect(await details(read('null', Ordinary))).toEqual([MISSING]);
  });
});

describe('a body that holds a secret', () => {
  it.each([
    ['no object', '["hunter2"]', [{ type: 'model_attributes_type', loc: ['body'], msg: NO_OBJECT }]],
    [
      'no JSON',
      '{"password":"hunter2"',
      [
        {
          type: 'json_invalid',
          loc: ['body', 21],
          msg: 'JSON decode error',
          ctx: { error: "Expecting ',' delimiter" },
        },
      ],
    ],
    ['null', 'null', [{ type: 'missing', loc: ['body'], msg: 'Field required' }]],
    [
      'another name',
      '{"Password":"hunter2"}',
      [
        { type: 'missing', loc: ['body', 'password'], msg: 'Field required' },
        { type: 'extra_forbidden', loc: ['body', 'Password'], msg: 'Extra inputs are not permitted' },
      ],
    ],
    [
      'a list',
      '{"password":["hunter2"]}',
      [{ type: 'string_type', loc: ['body', 'password'], msg: 'Input should be a valid string' }],
    ],
    [
      'too long',
      '{"password":"hunter2hunter2"}',
      [
        {
          type: 'string_too_long',
          loc: ['body', 'password'],
          msg: 'String should have at most 10 characters',
          ctx: { max_length: 10 },
        },
      ],
    ],
    [
      'an object in a list',
      '{"password":"a","tags":["b",{"hunter2":"hunter2"}]}',
      [{ type: 'string_type', loc: ['body', 'tags', 1], msg: 'Input should be a valid string' }],
    ],
  ])('is refused without a word of it: %s', async (_what, json, detail) => {
    const error: unknown = await read(json, Login).catch((reason: unknown) => reason);
    const { status, body } = errorAnswer(error);
    expect([status, JSON.parse(body)]).toEqual([422, { detail }]);
    expect(body).not.toContain('hunter2');
  });

  it('is read like any other', async () => {
    expect(await read('{"password":"hunter2"}', Login)).toEqual({ password: 'hunter2', tags: [] });
  });
});

class Size {
  @IsInt() @Max(9) width!: number;
  @Optional() @IsInt() height = 1;
}

class Parcel {
  @IsString() name!: string;
  @Optional() @Nullable() @Nested(Size) size?: Size | null;
  @Nested(Size) door!: Size;
}

describe('an object in a body', () => {
  const DOOR = '"door": {"width": 1}';

  it.each([
    [`{"name": "a", ${DOOR}}`, { name: 'a', door: { width: 1, height: 1 } }],
    [`{"name": "a", "size": null, ${DOOR}}`, { name: 'a', size: null, door: { width: 1, height: 1 } }],
    [`{"name": "a", "size": {"width": "2", "height": 3}, ${DOOR}}`, { size: { width: 2, height: 3 } }],
  ])('is read by its own class: %s', async (json, expected) => {
    expect(await read(json, Parcel)).toMatchObject(expected);
  });

  it.each([
    ['"size": []', [{ type: 'model_attributes_type', loc: ['body', 'size'], msg: NO_OBJECT, input: [] }]],
    ['"size": "x"', [{ type: 'model_attributes_type', loc: ['body', 'size'], msg: NO_OBJECT, input: 'x' }]],
    [
      '"size": {"height": 2}',
      [{ type: 'missing', loc: ['body', 'size', 'width'], input: new Map([['height', 2n]]), msg: 'Field required' }],
    ],
    [
      '"size": {"width": 10, "depth": 1}',
      [
        { type: 'less_than_equal', loc: ['body', 'size', 'width'], input: 10n },
        { type: 'extra_forbidden', loc: ['body', 'size', 'depth'], input: 1n },
      ],
    ],
  ])('has its issues under its own name: %s', async (size, expected) => {
    expect(await details(read(`{"name": "a", ${size}, ${DOOR}}`, Parcel))).toMatchObject(expected);
  });

  it('has its issues in the order in which fields are declared', async () => {
    const issues = await details(read('{"size": {"width": "x"}}', Parcel));
    expect(issues).toMatchObject([
      { loc: ['body', 'name'] },
      { loc: ['body', 'size', 'width'] },
      { type: 'missing', loc: ['body', 'door'] },
    ]);
  });
});
