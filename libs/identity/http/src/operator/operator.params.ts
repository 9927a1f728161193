import { IsUUID } from 'class-validator';

/** The path of one organization. */
export class OrganizationIdParams {
  @IsUUID()
  readonly organization_id!: string;
}

/** The path of one member. */
export class MemberIdParams extends OrganizationIdParams {
  @IsUUID()
  readonly member_id!: string;
}

/** The path of one key of any organization. */
export class OrganizationKeyIdParams extends OrganizationIdParams {
  @IsUUID()
  readonly key_id!: string;
}
