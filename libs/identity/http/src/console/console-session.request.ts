import { Optional, SecretBody } from '@feather-identity/shared-http';
import { IsString, IsUUID } from 'class-validator';

/** The body that opens a session: a key, or the code of a link. */
@SecretBody()
export class ConsoleSignInRequest {
  @Optional()
  @IsString()
  readonly key?: string;

  @Optional()
  @IsString()
  readonly code?: string;
}

/** Which session is ended. */
export class ConsoleSessionParams {
  @IsUUID()
  readonly session_id!: string;
}
