import { systemClock } from '../../../src/app/system-clock.ts';
import { type ServerOptions, startServer } from '../../../src/server/start-server.ts';

/** A server process for tests. Arguments: data folder, options as JSON if any. Prints its URL. */
const [, , dataDir = '', options = '{}'] = process.argv;
const server = await startServer({
  ...(JSON.parse(options) as Partial<ServerOptions>),
  dataDir,
  listen: { host: '127.0.0.1', port: 0 },
  clock: systemClock,
});
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
