import { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { killChildren } from '../helpers/run.ts';
import { removeTempFolders } from '../helpers/temp.ts';
import { crashRounds } from './crash-driver.ts';

/** Kills clients and servers for as long as wanted: `npm run crash -- --rounds 200 --seed 1 --devices 3 --trace` */
const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
  },
});

const start = performance.now();
try {
  const report = await crashRounds({
    seed: Number(values.seed),
    rounds: Number(values.rounds),
    devices: Number(values.devices),
    say: (line) => {
      if (values.trace || line.includes('all is well')) stdout.write(`${line}\n`);
    },
  });
  const seconds = Math.round((performance.now() - start) / 1000);
  stdout.write(`seed ${values.seed}: ${JSON.stringify(report)} in ${seconds} s\n`);
  await removeTempFolders();
} catch (error) {
  stdout.write(`seed ${values.seed} failed\n${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
} finally {
  await killChildren();
}
