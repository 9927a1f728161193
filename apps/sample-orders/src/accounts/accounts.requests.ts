import { Type } from 'class-transformer';
import { IsArray, IsDate, IsEmail, IsOptional, IsString } from 'class-validator';

/** The body of `POST /sign-up`. */
export class SignUpRequest {
  @IsString()
  company!: string;

  @IsEmail()
  email!: string;

  @IsString()
  name!: string;
}

/** The body of `POST /my/keys`. */
export class IssueMyKeyRequest {
  @IsString()
  name!: string;

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  scopes?: string[];

  @IsOptional()
  @Type(() => Date)
  @IsDate()
  expiresAt?: Date;
}

/** The body of `PATCH /my/keys/:id`. */
export class UpdateMyKeyRequest {
  @IsString()
  name!: string;
}
