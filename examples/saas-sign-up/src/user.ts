import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Table } from 'typeorm';

/** A user of this application, and the customer, an organization, that the user belongs to. */
@Entity('users')
export class User {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  organizationId!: string;

  @Column('varchar', { unique: true })
  email!: string;

  /** Stands for your sessions: whoever sends it is this user. */
  @Column('varchar', { unique: true })
  session!: string;
}

/** The table of `User`. */
export class CreateUsers1764900000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const columns = [
      { name: 'id', type: 'varchar', isPrimary: true },
      { name: 'organizationId', type: 'varchar' },
      { name: 'email', type: 'varchar', isUnique: true },
      { name: 'session', type: 'varchar', isUnique: true },
    ];
    await queryRunner.createTable(new Table({ name: 'users', columns }));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('users');
  }
}
