import { systemClock } from '../../../src/app/system-clock.ts';
import { startServer } from '../../../src/server/start-server.ts';

/** A server process for tests that kill it. Arguments: data folder. Prints its URL. */
const [, , dataDir = ''] = process.argv;
const server = await startServer({ dataDir, listen: { host: '127.0.0.1', port: 0 }, clock: systemClock });
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
