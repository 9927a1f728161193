import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The table of `Order`. */
export class CreateOrders1764200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const table = new Table({
      name: 'orders',
      columns: [
        { name: 'id', type: 'varchar', isPrimary: true },
        { name: 'organizationId', type: 'varchar' },
        { name: 'placedBy', type: 'varchar' },
        { name: 'item', type: 'varchar' },
        { name: 'quantity', type: 'integer' },
        { name: 'placedAt', type: 'varchar' },
      ],
      indices: [{ columnNames: ['organizationId', 'placedAt'] }],
    });
    await queryRunner.createTable(table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('orders');
  }
}
