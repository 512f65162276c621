import { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { killChildren } from '../helpers/run.ts';
import { removeTempFolders } from '../helpers/temp.ts';
import { soak } from './soak-driver.ts';

/** Lets devices watch while everything below them fails: `npm run soak -- --minutes 10 --seed 1 --devices 3 --trace` */
const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
  },
});

try {
  const report = await soak({
    seed: Number(values.seed),
    devices: Number(values.devices),
    within: Number(values.minutes) * 60_000,
    say: (line) => {
      if (values.trace) stdout.write(`${line}\n`);
    },
  });
  stdout.write(`seed ${values.seed}: ${JSON.stringify(report)}\n`);
} catch (error) {
  stdout.write(`seed ${values.seed} failed\n${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
} finally {
  await killChildren();
  await removeTempFolders();
}
