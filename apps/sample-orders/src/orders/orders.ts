import { randomUUID } from 'node:crypto';
import type { Caller } from '@feather-identity/http';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Order } from './order.js';

const MAX_LISTED = 100;

/** The orders of organizations. Each method takes the organization, so that no caller reaches orders of another one. */
@Injectable()
export class Orders {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  /** The newest 100, newest first. */
  list(organizationId: string): Promise<Order[]> {
    return this.orders.find({ where: { organizationId }, order: { placedAt: 'DESC' }, take: MAX_LISTED });
  }

  /** Null if this organization has no such order. */
  find(organizationId: string, id: string): Promise<Order | null> {
    return this.orders.findOneBy({ organizationId, id });
  }

  async place({ organization, member }: Caller, item: string, quantity: number): Promise<Order> {
    const order = {
      id: randomUUID(),
      organizationId: organization.id,
      item,
      quantity,
      placedBy: member.externalId,
      placedAt: new Date().toISOString(),
    };
    await this.orders.insert(order);
    return order;
  }

  /** Whether this organization had such an order. */
  async cancel(organizationId: string, id: string): Promise<boolean> {
    const { affected } = await this.orders.delete({ organizationId, id });
    return affected === 1;
  }
}
