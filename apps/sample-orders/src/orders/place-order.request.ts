import { IsIn, IsInt, Max, Min } from 'class-validator';
import { PRICES } from './prices.js';

/** The body of `POST /orders`. */
export class PlaceOrderRequest {
  @IsIn(Object.keys(PRICES))
  item!: string;

  @IsInt()
  @Min(1)
  @Max(1000)
  quantity!: number;
}
