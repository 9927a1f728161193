import type { Order } from './order.js';

/** An order as its organization sees it. */
export type OrderResponse = Pick<Order, 'id' | 'item' | 'quantity' | 'placedBy' | 'placedAt'>;

/** The fields of an order that are shown. */
export function toResponse({ id, item, quantity, placedBy, placedAt }: Order): OrderResponse {
  return { id, item, quantity, placedBy, placedAt };
}
