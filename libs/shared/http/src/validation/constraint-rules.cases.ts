import { describe, expect, it } from '@jest/globals';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';
import { details, read } from '../../testing/read.js';
import { Nullable } from '../index.js';

enum Role {
  Owner = 'owner',
  Guest = 'guest',
}

class PlainDto {
  @IsOptional() @IsString() @Length(2, 3) text?: string;
  @IsOptional() @Matches(/^[a-z]+$/) word?: string;
  @IsOptional() @IsInt() @Min(1) @Max(9) count?: number;
  @IsOptional() @IsNumber() ratio?: number;
  @IsOptional() @IsBoolean() flag?: boolean;
  @IsOptional() @IsUUID('4') id?: string;
  @IsOptional() @IsIn(['a', 'b', 'c']) letter?: string;
  @IsOptional() @IsEnum(Role) role?: Role;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(2) @IsInt({ each: true }) list?: number[];
  @IsOptional() @IsObject() dict?: object;
  @IsOptional() @IsEmail() mail?: string;
  @IsOptional() @IsString() @MinLength(1) surrogate?: string;
}

class StrictDto {
  @Nullable() @IsString() note!: string | null;
}

describe('ordinary class-validator decorators', () => {
  it.each([
    ['{"text":"a"}', 'string_too_short', 'String should have at least 2 characters', { min_length: 2 }],
    ['{"text":"😀😀😀😀"}', 'string_too_long', 'String should have at most 3 characters', { max_length: 3 }],
    ['{"word":"A"}', 'string_pattern_mismatch', "String should match pattern '^[a-z]+$'", { pattern: '^[a-z]+$' }],
    ['{"count":1.5}', 'int_from_float', 'Input should be a valid integer, got a number with a fractional part', null],
    ['{"count":1e19}', 'int_parsing_size', 'Unable to parse input string as an integer, exceeded maximum size', null],
    ['{"count":[]}', 'int_type', 'Input should be a valid integer', null],
    ['{"count":0}', 'greater_than_equal', 'Input should be greater than or equal to 1', { ge: 1 }],
    ['{"count":99999999999999999999}', 'less_than_equal', 'Input should be less than or equal to 9', { le: 9 }],
    ['{"ratio":"x"}', 'float_parsing', 'Input should be a valid number, unable to parse string as a number', null],
    ['{"flag":"maybe"}', 'bool_parsing', 'Input should be a valid boolean, unable to interpret input', null],
    ['{"flag":2.0}', 'bool_parsing', 'Input should be a valid boolean, unable to interpret input', null],
    ['{"flag":1.5}', 'bool_type', 'Input should be a valid boolean', null],
    ['{"flag":1e19}', 'bool_type', 'Input should be a valid boolean', null],
    ['{"flag":9223372036854775808}', 'bool_type', 'Input should be a valid boolean', null],
    ['{"id":5}', 'uuid_type', 'UUID input should be a string, bytes or UUID object', null],
    [
      '{"id":"018f8e2a-7b1c-7def-8123-456789abcdef"}',
      'uuid_version',
      'UUID version 4 expected',
      { expected_version: 4 },
    ],
    ['{"letter":"d"}', 'literal_error', "Input should be 'a', 'b' or 'c'", { expected: "'a', 'b' or 'c'" }],
    ['{"role":"king"}', 'enum', "Input should be 'owner' or 'guest'", { expected: "'owner' or 'guest'" }],
    [
      '{"list":[]}',
      'too_short',
      'List should have at least 1 item after validation, not 0',
      { field_type: 'List', min_length: 1, actual_length: 0 },
    ],
    [
      '{"list":[1,2,3]}',
      'too_long',
      'List should have at most 2 items after validation, not 3',
      { field_type: 'List', max_length: 2, actual_length: 3 },
    ],
    ['{"dict":[]}', 'dict_type', 'Input should be a valid dictionary', null],
    ['{"mail":"x"}', 'value_error', 'Value error, mail must be an email', { error: {} }],
    [
      '{"surrogate":"\\ud800"}',
      'string_unicode',
      'Input should be a valid string, unable to parse raw data as a unicode string',
      null,
    ],
  ])('get the answer of their counterpart in Pydantic: %s', async (json, type, msg, ctx) => {
    expect(await details(read(json, PlainDto))).toEqual([
      expect.objectContaining(ctx === null ? { type, msg } : { type, msg, ctx }),
    ]);
  });

  it('report every field in order of declaration, mapped or not', async () => {
    const json = '{"mail":"x","list":["a","b"],"text":5}';
    const found = (await details(read(json, PlainDto))) as { loc: unknown }[];
    expect(found.map(({ loc }) => loc)).toEqual([
      ['body', 'text'],
      ['body', 'list', 0],
      ['body', 'list', 1],
      ['body', 'mail'],
    ]);
  });

  it('convert what Pydantic converts', async () => {
    const json = '{"count":"5","ratio":2,"flag":"yes","id":"{0B6F5C1E-8D2A-4F3B-9C7E-1A2B3C4D5E6F}","list":[1.0,"2"]}';
    expect({ ...((await read(json, PlainDto)) as object) }).toEqual({
      count: 5,
      ratio: 2,
      flag: true,
      id: '0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f',
      list: [1, 2],
    });
  });

  it('tell a field that may be null from one that may be omitted', async () => {
    expect(await read('{"note":null}', StrictDto)).toEqual({ note: null });
    expect(await details(read('{}', StrictDto))).toEqual([
      { type: 'missing', loc: ['body', 'note'], msg: 'Field required', input: new Map() },
    ]);
  });
});
