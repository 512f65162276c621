import { rm } from 'node:fs/promises';
import { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { buildCommand } from '../../../resources/build/build-command.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { isolatedBase, runIsolated } from '../isolate.ts';
import { thisCommit, thisMachine } from '../machine.ts';
import { say } from '../say.ts';
import { type GrowthResults, loadGrowth, saveGrowth } from './growth-results.ts';
import { growthTable } from './growth-table.ts';
import { measureLarge } from './measure-large.ts';
import { measureNodes } from './measure-nodes.ts';
import { measureTree } from './measure-tree.ts';

/**
 * What a file, a byte and a change cost as a folder grows: `npm run bench:growth -- --files 1000,10000 --flat 1000 --bytes 500
 * --large 16,256 --nodes 100000 --into FILE`. Results are collected in the file by size; the table of all of them is printed.
 */
const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    /** In folders of a hundred. */
    files: { type: 'string', default: '1000,10000,100000,1000000' },
    /** All in one folder. */
    flat: { type: 'string', default: '1000,100000' },
    /** Of each file; 0: nodes without content. */
    bytes: { type: 'string', default: '500' },
    /** Sizes in MiB of a single file. */
    large: { type: 'string', default: '16,256,2048' },
    /** Nodes of a vault that a new device joins, without their files. */
    nodes: { type: 'string', default: '10000,100000,1000000' },
    into: { type: 'string', default: 'bench-growth.json' },
    folder: { type: 'string' },
  },
});
const numbers = (text: string): readonly number[] => text.split(',').filter(Boolean).map(Number);

async function run(base: string): Promise<void> {
  const results: GrowthResults = loadGrowth(values.into, thisMachine());
  const bytes = Number(values.bytes);
  const commit = thisCommit();
  const trees = [
    ...numbers(values.files).map((files) => ({ files, folders: Math.max(1, Math.round(files / 100)) })),
    ...numbers(values.flat).map((files) => ({ files, folders: 1 })),
  ];
  for (const { files, folders } of trees) {
    const tree = { ...(await measureTree(base, files, bytes, folders)), commit };
    say(JSON.stringify(tree));
    const isSame = (one: typeof tree) => one.files === files && one.bytes === bytes && one.folders === folders;
    results.trees = [...results.trees.filter((one) => !isSame(one)), tree];
    saveGrowth(values.into, results);
  }
  for (const mib of numbers(values.large)) {
    const large = { ...(await measureLarge(base, mib)), commit };
    say(JSON.stringify(large));
    results.large = [...results.large.filter((one) => one.mib !== mib), large];
    saveGrowth(values.into, results);
  }
  for (const count of numbers(values.nodes)) {
    const nodes = { ...(await measureNodes(base, count)), commit };
    say(JSON.stringify(nodes));
    results.nodes = [...results.nodes.filter((one) => one.nodes !== count), nodes];
    saveGrowth(values.into, results);
  }
  stdout.write(growthTable(results));
}

const base = isolatedBase();
if (base === null) {
  await buildCommand({ staleOnly: true });
  const folder = await tempFolder('growth', values.folder ?? null);
  try {
    process.exitCode = await runIsolated(folder);
  } finally {
    // What was killed may still be ending, and writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
} else {
  await run(base);
}
