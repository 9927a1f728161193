import { MayBeOmitted } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsString } from 'class-validator';

/** Which scopes a gateway demands of a key. */
export class AuthorizeQuery {
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    title: 'Scope',
    description: 'A scope that the key must hold, `resource:action`; repeat it for several.',
    required: false,
  })
  @MayBeOmitted()
  @IsArray()
  @IsString({ each: true })
  readonly scope: readonly string[] = [];
}
