import { describe, expect, it } from '@jest/globals';
import { IsArray, IsDate, IsEmail, IsInt, IsNumber, IsOptional, IsString, IsUUID } from 'class-validator';
import { RequestValidationPipe } from '../index.js';
import { details, read } from '../../testing/read.js';

class PlainDto {
  @IsOptional() @IsInt() count?: number;
  @IsOptional() @IsNumber() ratio?: number;
  @IsOptional() @IsUUID() id?: string;
  @IsOptional() @IsDate() date?: Date;
  @IsOptional() @IsArray() @IsInt({ each: true }) list?: number[];
  @IsOptional() @IsEmail() mail?: string;
}

class TagsQuery {
  @IsArray() @IsString({ each: true }) tag!: string[];
}

const pipe = new RequestValidationPipe();

const LINEAR_MS = 20_000;

describe('RequestValidationPipe', () => {
  it('gives a list every value of a repeated query parameter', async () => {
    expect(await pipe.transform({ tag: ['a', 'b'] }, { type: 'query', metatype: TagsQuery })).toEqual({
      tag: ['a', 'b'],
    });
    expect(await pipe.transform({ tag: 'a' }, { type: 'query', metatype: TagsQuery })).toEqual({ tag: ['a'] });
    expect(await details(pipe.transform({}, { type: 'query', metatype: TagsQuery }))).toEqual([
      { type: 'missing', loc: ['query', 'tag'], msg: 'Field required', input: null },
    ]);
  });

  it.each([String, Number, Object, Date, undefined])('leaves arguments of other types alone: %p', async (metatype) => {
    expect(await pipe.transform('5', { type: 'query', ...(metatype && { metatype }) })).toBe('5');
  });

  it('reads a body that the application has parsed like its bytes', async () => {
    const json = '{"count":"x","list":[1,{"a":[null]}],"date":true,"ratio":1.5}';
    const parsed = pipe.transform(JSON.parse(json), { type: 'body', metatype: PlainDto });
    const found = await details(parsed);
    expect(found).toEqual(await details(read(json, PlainDto)));
    expect(found).not.toEqual([]);
  });

  it.each([
    ['{"count":"%"}', '0'],
    ['{"count":"%"}', ' '],
    ['{"ratio":"%"}', '1'],
    ['{"id":"%"}', '-'],
    ['{"date":"%"}', '0'],
    ['{"date":"%"}', '1'],
    ['{"mail":%}', '['],
    ['{"a":"%"}', '\\n'],
    ['{"list":[%1]}', '"a",'],
  ])(
    'answers in time linear to the body, whatever it repeats: %s with %s',
    async (json, unit) => {
      // A quadratic reader would need a minute for so many characters: Jest's own time limit tells them apart.
      const filler = unit.repeat(400_000 / unit.length);
      await details(read(json.replace('%', `${filler}x`), PlainDto));
      await details(read(json.replace('%', filler), PlainDto));
    },
    LINEAR_MS,
  );

  it('caps the list of bad items, which would come back far larger than the body', async () => {
    class Unbounded {
      @IsArray() @IsInt({ each: true }) list!: number[];
    }
    expect(await details(read(`{"list":[${'"a",'.repeat(5_000)}"a"]}`, Unbounded))).toHaveLength(1_000);
  });
});
