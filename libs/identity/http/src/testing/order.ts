import { Catch, ConflictException, type ExceptionFilter, Injectable, type PipeTransform } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { ArgumentMetadata, ArgumentsHost } from '@nestjs/common';

/** What the application has of its own: a model, an error, and what it does with them everywhere. */
export class Order {
  readonly item: string = '';
}

export class SoldOutError extends Error {}

/** Its global filter. */
@Catch(SoldOutError)
export class SoldOutFilter extends BaseExceptionFilter implements ExceptionFilter {
  override catch(error: SoldOutError, host: ArgumentsHost): void {
    super.catch(new ConflictException({ sold_out: error.message }), host);
  }
}

/** Its global pipe. */
@Injectable()
export class OrderPipe implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    return metatype === Order ? Object.assign(new Order(), value) : value;
  }
}
