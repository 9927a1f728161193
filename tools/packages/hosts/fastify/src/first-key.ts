import { dataSource } from './database.js';
import { openIdentity } from './identity.js';

// Makes an organization and prints its owner's key, once.
const { createOrganization } = await openIdentity();
const { token } = await createOrganization.execute('Acme');
console.log(token.reveal());
await dataSource.destroy();
