import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { type Child, repository, runNode, startNode } from '../helpers/run.ts';
import { removeTempFolders, tempFolder } from '../helpers/temp.ts';
import { copyRepository, makeGeneratedTree } from './make-tree.ts';
import { searchBytes } from './search-bytes.ts';
import { hold, steps } from './steps.ts';
import { treeHash } from './tree-hash.ts';

/**
 * The main job from end to end, with the program as a person runs it: a server on loopback, an account, two devices, a
 * real tree both ways, a conflict, a deletion undone, a version restored, everything verified and rescued. Exits 0 only
 * if every step held.
 */

const main = join(repository, 'src/cli/holdfast.mjs');
const password = 'planted password 7Kq2 heron lamp';
const words = ['PlantedNameZ9ostrich', 'PlantedContentV3walrus', 'planted password 7Kq2'];
const email = 'demo@example.com';

const base = await tempFolder('demo');
const data = join(base, 'server');
const deviceA = { home: join(base, 'home-a'), folder: join(base, 'a') };
const deviceB = { home: join(base, 'home-b'), folder: join(base, 'b') };
type Device = typeof deviceA;

interface Result {
  readonly code: number | null;
  readonly json: Record<string, unknown>;
}

/** Runs one command to its end and reads its JSON; a failure of the command is one of the step. */
async function holdfast(
  device: Device | null,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Result> {
  const home = device === null ? [] : ['--home', device.home];
  const finished = await runNode([main, ...args, ...home, '--json'], { env, within: 300_000 });
  if (finished.code !== 0 && finished.code !== 2) {
    throw new Error(
      `holdfast ${args[0]} ended with ${finished.code}: ${finished.stderr.trim() || finished.stdout.trim()}`,
    );
  }
  return { code: finished.code, json: JSON.parse(finished.stdout) as Record<string, unknown> };
}

const sync = async (device: Device): Promise<Result['json']> => {
  const { json } = await holdfast(device, ['sync']);
  hold(json['converged'] === true, `not converged: ${JSON.stringify(json)}`);
  return json;
};

const bothEqual = async (): Promise<string> => {
  const [a, b] = [await treeHash(deviceA.folder), await treeHash(deviceB.folder)];
  hold(a.hash === b.hash, `the folders differ: ${a.files} files, ${b.files} files`);
  return `${a.files} files, ${(a.bytes / 1e6).toFixed(1)} MB, equal: ${a.hash.slice(0, 16)}…`;
};

const idle = async (): Promise<void> => {
  for (const device of [deviceA, deviceB]) {
    const json = await sync(device);
    hold(json['operations'] === 0, `a further sync did something: ${JSON.stringify(json)}`);
  }
};

const demo = steps();
let server: Child | null = null;
let url = '';
let recovery = '';
stdout.write(`Holdfast demo in ${base}\n\n`);

await demo.run('start a server', async () => {
  server = startNode([main, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--json']);
  url = (JSON.parse(await server.line()) as { url: string }).url;
  return url;
});
await demo.run('sign up on device A', async () => {
  const args = ['signup', '--server', url, '--email', email, '--device', 'Laptop'];
  const { json } = await holdfast(deviceA, args, { HOLDFAST_PASSWORD: password });
  recovery = String(json['recovery']);
  hold(recovery.split(' ').length === 24, 'there are not 24 recovery words');
  return '24 recovery words';
});
await demo.run('log in on device B', async () => {
  const args = ['login', '--server', url, '--email', email, '--device', 'Desktop'];
  await holdfast(deviceB, args, { HOLDFAST_PASSWORD: password });
  return 'by password';
});
await demo.run('make a tree', async () => {
  const files = copyRepository(repository, join(deviceA.folder, 'repository'));
  makeGeneratedTree(join(deviceA.folder, 'generated'));
  writeFileSync(join(deviceA.folder, `${words[0]}.txt`), `Content with ${words[1]} in it.\n`.repeat(20));
  const { bytes } = await treeHash(deviceA.folder);
  return `${files} files of the repository and a generated tree, ${(bytes / 1e6).toFixed(1)} MB`;
});
await demo.run('add the folder on both', async () => {
  await holdfast(deviceA, ['add', deviceA.folder, '--vault', 'Demo']);
  mkdirSync(deviceB.folder);
  await holdfast(deviceB, ['add', deviceB.folder, '--vault', 'Demo']);
  return 'vault "Demo"';
});
await demo.run('preview the first sync', async () => {
  const { json } = await holdfast(deviceA, ['plan']);
  const counts = json['counts'] as Record<string, number>;
  hold((counts['up'] ?? 0) > 2000 && counts['deletes'] === 0, `unexpected plan: ${JSON.stringify(counts)}`);
  return `${counts['up']} up, ${counts['down']} down, ${counts['deletes']} deletes, ${counts['conflicts']} conflicts`;
});
await demo.run('sync A', async () => {
  const json = await sync(deviceA);
  return `${json['filesUp']} files up, ${(Number(json['bytesUp']) / 1e6).toFixed(1)} MB sealed`;
});
await demo.run('sync B', async () => {
  const json = await sync(deviceB);
  return `${json['filesDown']} files down; ${await bothEqual()}`;
});
await demo.run('sync again', async () => {
  await idle();
  return 'nothing sent, nothing written';
});
await demo.run('edit, move and add on both sides', async () => {
  writeFileSync(join(deviceA.folder, 'generated/folder 1/file 1.dat'), 'edited on A');
  appendFileSync(join(deviceA.folder, 'generated/large-1.bin'), 'one line more at the end');
  renameSync(join(deviceA.folder, 'generated/folder 2'), join(deviceA.folder, 'moved folder'));
  writeFileSync(join(deviceB.folder, 'generated/folder 3/file 3.dat'), 'edited on B');
  mkdirSync(join(deviceB.folder, 'new on B/deep'), { recursive: true });
  writeFileSync(join(deviceB.folder, 'new on B/deep/note.txt'), 'from B');
  cpSync(join(deviceB.folder, 'generated/large-0.bin'), join(deviceB.folder, 'copy of large-0.bin'));
  const up = await sync(deviceA);
  const both = await sync(deviceB);
  await sync(deviceA);
  const sent = Number(up['bytesUp']) + Number(both['bytesUp']);
  hold(sent < 8e6, `${sent} bytes were sent for a few small edits, a move and a copy`);
  return `${(sent / 1e6).toFixed(2)} MB sent; ${await bothEqual()}`;
});
await demo.run('edit one file on both: a conflict', async () => {
  const name = 'repository/README.md';
  writeFileSync(join(deviceA.folder, name), 'as edited on A\n');
  writeFileSync(join(deviceB.folder, name), 'as edited on B, otherwise\n');
  await sync(deviceA);
  const json = await sync(deviceB);
  await sync(deviceA);
  hold(json['conflicts'] === 1, `${json['conflicts']} conflicts instead of one`);
  hold(readFileSync(join(deviceA.folder, name), 'utf8') === 'as edited on A\n', 'the first edit lost its name');
  return `both kept; ${await bothEqual()}`;
});
let deleted = '';
await demo.run('delete a folder', async () => {
  deleted = (await treeHash(join(deviceA.folder, 'generated'))).hash;
  rmSync(join(deviceA.folder, 'generated/folder 5'), { recursive: true });
  await sync(deviceA);
  await sync(deviceB);
  return await bothEqual();
});
await demo.run('undo it', async () => {
  const { json } = await holdfast(deviceB, ['activity']);
  const [last] = json['activity'] as { batch: string }[];
  await holdfast(deviceB, ['undo', String(last?.batch)]);
  await sync(deviceB);
  await sync(deviceA);
  hold((await treeHash(join(deviceA.folder, 'generated'))).hash === deleted, 'the folder did not come back as it was');
  return `as before; ${await bothEqual()}`;
});
await demo.run('restore an older version', async () => {
  const path = 'generated/folder 1/file 1.dat';
  const { json } = await holdfast(deviceA, ['versions', path]);
  const versions = json['versions'] as { revision: string; isCurrent: boolean }[];
  hold(versions.length === 2, `${versions.length} versions instead of two`);
  await holdfast(deviceA, ['restore', path]);
  await sync(deviceA);
  await sync(deviceB);
  hold(readFileSync(join(deviceB.folder, path)).length > 1000, 'the older version is not there');
  return `of ${versions.length}; ${await bothEqual()}`;
});
await demo.run('verify everything on the server', async () => {
  const { json } = await holdfast(deviceB, ['verify', '--deep']);
  hold((json['problems'] as unknown[]).length === 0, JSON.stringify(json['problems']));
  return `${json['objects']} objects opened, ${(Number(json['bytes']) / 1e6).toFixed(1)} MB`;
});
await demo.run('look for planted words on the server', async () => {
  const { found, bytes } = await searchBytes(data, [...words, recovery.split(' ').slice(0, 4).join(' ')]);
  hold(found.length === 0, found.join(', '));
  return `none in ${(bytes / 1e6).toFixed(1)} MB, in any of 10 encodings`;
});
await demo.run('stop the server', async () => {
  const end = await server?.kill('SIGTERM');
  hold(end?.code === 0, `it ended with ${end?.code}`);
  return 'cleanly';
});
await demo.run('rescue all from its data and the 24 words', async () => {
  const out = join(base, 'rescued');
  const { json } = await holdfast(null, ['rescue', '--data', data, '--out', out], { HOLDFAST_RECOVERY: recovery });
  const [rescued, live] = [await treeHash(join(out, 'Demo')), await treeHash(deviceA.folder)];
  hold(rescued.hash === live.hash, `${rescued.files} files rescued, ${live.files} were there`);
  return `${json['files']} files, equal: ${rescued.hash.slice(0, 16)}…`;
});

await removeTempFolders();
stdout.write(`\n${demo.passed} passed, ${demo.failed.length} failed\n`);
if (demo.failed.length > 0) process.exitCode = 1;
