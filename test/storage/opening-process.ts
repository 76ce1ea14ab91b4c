import { openStorage } from '../../src/storage/index.js';

/** Another process, of another user: tells what opening the database answered. */
try {
  const storage = await openStorage({ url: process.argv[2] ?? '' });
  await storage.connection.db?.collection('things').insertOne({});
  await storage.close();
  process.send?.('written');
} catch (error) {
  process.send?.(`${(error as Error).name}: ${(error as Error).message}`);
}
process.disconnect();
