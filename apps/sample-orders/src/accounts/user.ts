import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A user of this application. A real one would have a password, or an identity provider that knows the user. */
@Entity('users')
export class User {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  organizationId!: string;

  @Column('varchar', { unique: true })
  email!: string;

  @Column('varchar')
  name!: string;
}
