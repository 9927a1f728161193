import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An order, which belongs to the organization whose key placed it. */
@Entity('orders')
@Index(['organizationId', 'placedAt'])
export class Order {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  organizationId!: string;

  /** The user who owns the key that placed it, as their identity provider knows them. */
  @Column('varchar')
  placedBy!: string;

  @Column('varchar')
  item!: string;

  @Column('integer')
  quantity!: number;

  /** ISO 8601 in UTC: both databases have texts and sort them alike. */
  @Column('varchar')
  placedAt!: string;
}
