import { IsUUID } from 'class-validator';

/** The path of one key. */
export class KeyIdParams {
  @IsUUID()
  readonly key_id!: string;
}
