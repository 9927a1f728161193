import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The table of `User`. */
export class CreateUsers1764800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const table = new Table({
      name: 'users',
      columns: [
        { name: 'id', type: 'varchar', isPrimary: true },
        { name: 'organizationId', type: 'varchar' },
        { name: 'email', type: 'varchar', isUnique: true },
        { name: 'name', type: 'varchar' },
      ],
    });
    await queryRunner.createTable(table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('users');
  }
}
