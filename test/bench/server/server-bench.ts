import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env, execPath, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { startProgram } from '../../helpers/run.ts';
import { removeTempFolders, tempFolder } from '../../helpers/temp.ts';
import { thisCommit, thisMachine } from '../machine.ts';
import { createTools } from '../measure/tools.ts';
import { startServer } from '../peers/holdfast-programs.ts';
import { say } from '../say.ts';
import { newCustomers } from './accounts.ts';
import { measureAppends } from './appends.ts';
import { measureIdleClients, streamsPerAccount } from './idle-clients.ts';
import type { LoadCost } from './load.ts';
import type { ServerResults } from './server-results.ts';
import { serverTable } from './server-table.ts';
import { measureTransfers } from './transfers.ts';

/**
 * A load generator, over loopback, against a server process of its own with an empty folder:
 * `npm run bench:server -- --seconds 5 --parallel 4 --clients 10000 --into FILE`. Both share this machine's cores.
 */
const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    seconds: { type: 'string', default: '5' },
    parallel: { type: 'string', default: '4' },
    clients: { type: 'string', default: '10000' },
    into: { type: 'string' },
    folder: { type: 'string' },
  },
});

const mark = 'HOLDFAST_BENCH_FILES';
/** Beside the connections: libraries, databases, what is being written. */
const otherFiles = 1000;

/** Each client takes a file descriptor here and one in the server: the limit is raised as far as it may be. */
async function withMoreFiles(files: number): Promise<number> {
  const raise = `ulimit -n ${files} 2>/dev/null || ulimit -n $(ulimit -H -n); exec "$@"`;
  const words = ['-c', raise, 'sh', execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = startProgram('sh', words, { env: { ...env, [mark]: '1' } });
  const { code, stdout: out, stderr } = await child.finished;
  say(stderr);
  stdout.write(out);
  return code ?? 1;
}

async function run(): Promise<void> {
  const [seconds, parallel, clients] = [values.seconds, values.parallel, values.clients].map(Number) as [
    number,
    number,
    number,
  ];
  const tools = createTools();
  const folder = await tempFolder('bench-server', values.folder ?? null);
  try {
    const { url, child } = await startServer(tools, join(folder, 'data'));
    const customers = await newCustomers(url, Math.max(parallel, Math.ceil(clients / streamsPerAccount)));
    const some = customers.slice(0, parallel);
    const loads: LoadCost[] = [];
    for (const [bytes, perRequest] of [
      [4 * 1024 * 1024, 1],
      [16 * 1024, 256],
      [4112, 1],
    ] as const) {
      loads.push(...(await measureTransfers(child.pid, some, { seconds, bytes, perRequest })));
    }
    loads.push(await measureAppends(child.pid, some.slice(0, 1), seconds));
    loads.push(await measureAppends(child.pid, some, seconds));
    const idle = clients === 0 ? null : await measureIdleClients(url, child.pid, customers, clients);
    const results: ServerResults = { machine: thisMachine(), commit: thisCommit(), parallel, loads, idle };
    if (values.into !== undefined) writeFileSync(values.into, `${JSON.stringify(results, null, 1)}\n`);
    stdout.write(serverTable(loads, idle));
    await Promise.all(customers.map(({ api }) => api.close()));
  } finally {
    await tools.close();
    await removeTempFolders();
  }
}

if (env[mark] === undefined) process.exitCode = await withMoreFiles(Number(values.clients) + otherFiles);
else await run();
