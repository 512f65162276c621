import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { hold, steps } from '../demo/steps.ts';
import { treeHash } from '../demo/tree-hash.ts';
import { cliFlags } from '../helpers/cli-flags.ts';
import { type Child, type Finished, repository, startNode } from '../helpers/run.ts';
import { removeTempFolders, tempFolder } from '../helpers/temp.ts';
import { memoryBook } from './memory-book.ts';

/**
 * Many small files and one large one, up and down, with kills in the middle: proves that nothing acknowledged is sent
 * again, and that memory stays bounded. `npm run scale -- --files 100000 --large-mib 5120 --kills 3`
 */

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    files: { type: 'string', default: '100000' },
    'large-mib': { type: 'string', default: '5120' },
    kills: { type: 'string', default: '3' },
  },
});
const files = Number(values.files);
const largeMib = Number(values['large-mib']);
const kills = Number(values.kills);
/** In MB, for every command. */
const memory = memoryBook({ client: 300, server: 230 });

const main = join(repository, 'src/cli/holdfast.mjs');
const base = await tempFolder('scale');
const data = join(base, 'server');
const env = { HOLDFAST_PASSWORD: 'a password for the scale test' };
const device = (name: string) => ({ home: join(base, `home-${name}`), folder: join(base, name) });
const [a, b] = [device('a'), device('b')];

async function holdfast(args: readonly string[], options: { killAfterMs?: number } = {}): Promise<Finished> {
  const child = startNode([...cliFlags, main, ...args, '--json'], { env });
  const watched = memory.watch(String(args[0]), { client: child.pid, server: server?.pid });
  const kill =
    options.killAfterMs === undefined ? undefined : setTimeout(() => child.signal('SIGKILL'), options.killAfterMs);
  const finished = await child.finished;
  watched();
  clearTimeout(kill);
  return finished;
}

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout: out, stderr } = await holdfast(args);
  hold(code === 0, `${args[0]} ended with ${code}: ${stderr}`);
  return JSON.parse(out) as Record<string, unknown>;
}

function size(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function makeTree(folder: string): void {
  const block = randomFillSync(Buffer.alloc(1 << 20));
  for (let at = 0; at < files; at++) {
    const parent = join(folder, `d${Math.floor(at / 1000)}`, `e${Math.floor(at / 20) % 50}`);
    if (at % 20 === 0) mkdirSync(parent, { recursive: true });
    const length = 200 + ((at * 7919) % 3000);
    const start = (at * 131) % (block.length - 4000);
    const content = Buffer.from(block.subarray(start, start + length));
    content.writeUInt32LE(at, 0);
    writeFileSync(join(parent, `file-${at}.txt`), content);
  }
  const large = openSync(join(folder, 'large.bin'), 'w');
  for (let i = 0; i < largeMib; i++) {
    randomFillSync(block);
    writeSync(large, block);
  }
  closeSync(large);
}

/** Syncs, killing the client some times on the way. */
async function syncWithKills(home: string): Promise<string> {
  let killed = 0;
  for (let i = 0; i < kills; i++) {
    const { signal } = await holdfast(['sync', '--home', home], { killAfterMs: 3000 + 4000 * i });
    if (signal === 'SIGKILL') killed++;
  }
  const result = await run(['sync', '--home', home]);
  hold(result['converged'] === true, JSON.stringify(result));
  return `killed ${killed} times, then ${result['filesUp']} up, ${result['filesDown']} down`;
}

let server: Child | null = null;
const scale = steps();
stdout.write(`${files} small files and one of ${largeMib} MiB in ${base}\n\n`);

await scale.run('server, account, two devices', async () => {
  server = startNode([...cliFlags, main, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--json']);
  const { url } = JSON.parse(await server.line()) as { url: string };
  const account = ['--server', url, '--email', 'scale@example.com'];
  await run(['signup', ...account, '--home', a.home]);
  await run(['login', ...account, '--home', b.home]);
  for (const { folder, home } of [a, b]) {
    mkdirSync(folder);
    await run(['add', folder, '--vault', 'Scale', '--home', home]);
  }
  return url;
});
await scale.run('make the tree', async () => {
  makeTree(a.folder);
  return `${(size(a.folder) / 1e9).toFixed(2)} GB`;
});
await scale.run('plan A', async () => {
  const { counts } = (await run(['plan', '--home', a.home])) as { counts?: Record<string, unknown> };
  return JSON.stringify(counts);
});
await scale.run('sync A', async () => syncWithKills(a.home));
await scale.run('nothing acknowledged was sent again', async () => {
  // Every sealed object has an id of its own: what is sent twice is stored twice.
  const expected = size(a.folder) + files * 4096;
  const stored = size(data);
  const spare = kills * 64 * 1024 * 1024;
  hold(stored < expected * 1.1 + spare, `the server holds ${stored} bytes for ${expected}`);
  return `${(stored / 1e9).toFixed(2)} GB on the server`;
});
await scale.run('sync A again', async () => {
  const result = await run(['sync', '--home', a.home]);
  hold(result['operations'] === 0 && result['bytesUp'] === 0, JSON.stringify(result));
  return 'nothing to do';
});
await scale.run('sync B', async () => syncWithKills(b.home));
await scale.run('folders are equal', async () => {
  const [one, two] = [await treeHash(a.folder), await treeHash(b.folder)];
  hold(one.hash === two.hash, `${one.files} and ${two.files} files`);
  return `${one.files} files, ${one.hash.slice(0, 16)}…`;
});
await scale.run('nothing is left behind', async () => {
  const left = readdirSync(join(b.folder, '.holdfast/stage'));
  hold(left.length === 0, left.join(', '));
  return 'the stage is empty';
});
await scale.run('touch one file: only it is looked at', async () => {
  writeFileSync(join(a.folder, 'd0/e0/file-1.txt'), 'changed');
  const start = performance.now();
  const result = await run(['sync', '--home', a.home]);
  hold(result['filesUp'] === 1, JSON.stringify(result));
  return `${Math.round(performance.now() - start)} ms with start of the program`;
});
await scale.run('memory', async () => {
  const excess = memory.excess();
  hold(excess.length === 0, `${excess.map(({ command }) => command).join(', ')} took more than is allowed`);
  return 'within the limits';
});
await (server as Child | null)?.kill('SIGTERM');
await removeTempFolders();
stdout.write(`\n${memory.table()}\n\n${scale.passed} passed, ${scale.failed.length} failed\n`);
if (scale.failed.length > 0) process.exitCode = 1;
