import { type JsonObject, KEY_NOTE_RULES } from '@feather-identity/core';
import { Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsObject, IsString, Matches, MaxLength } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { labelList, nullableDescription, nullableObject } from '../openapi-types.js';

const { maxDescriptionLength, maxLabels, maxLabelLength, labelPattern } = KEY_NOTE_RULES;

/** What may be noted on a key when it is created or changed. It changes nothing of what the key may do. */
export abstract class KeyNotesRequest {
  @ApiProperty({
    ...nullableDescription,
    title: 'Description',
    description: 'What the key is for, at most 1,000 Unicode characters, without NUL. Null or empty: nothing.',
    examples: [EXAMPLE.description],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsString()
  @MaxLength(maxDescriptionLength)
  readonly description?: string | null;

  @ApiProperty({
    ...labelList,
    title: 'Labels',
    description:
      'Labels to filter lists by: at most 20 different ones, of lower-case letters, digits and, between them, ' +
      '`.`, `_`, `:`, `/` and `-`.',
    required: false,
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(maxLabels)
  @IsString({ each: true })
  @MaxLength(maxLabelLength, { each: true })
  @Matches(new RegExp(labelPattern), { each: true })
  readonly labels?: readonly string[];

  @ApiProperty({
    ...nullableObject,
    title: 'Metadata',
    description:
      'An object that the application receives when it verifies the key: at most 4,096 bytes of JSON and 8 ' +
      'levels. Anyone who may change keys can change it, so it must not decide what a key may do. Null: nothing.',
    examples: [EXAMPLE.metadata],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsObject()
  readonly metadata?: JsonObject | null;
}
