/**
 * Ten devices of one vault, all at work at once, for ten minutes (MUL-09), with the real server in this process:
 * `npm run many -- [MINUTES] [DEVICES] [SEED]`. Ends with exit code 0 only if all hold the same and nothing is lost.
 */
import { manyDevices } from '../helpers/many-devices.ts';
import { scenarioWorld } from '../helpers/scenario-world.ts';
import { removeTempFolders } from '../helpers/temp.ts';

const [minutes = 10, count = 10, seed = 1] = process.argv.slice(2).map(Number);
const world = await scenarioWorld(count);
try {
  const changes = await manyDevices(world, seed, minutes * 60_000);
  const leaks = await world.leaks();
  if (leaks.length > 0) throw new Error(`found in what the server keeps: ${leaks.join(', ')}`);
  process.stdout.write(
    `${count} devices, ${changes} changes in ${minutes} minutes (seed ${seed}): all the same, nothing lost\n`,
  );
} finally {
  await world.close();
  await removeTempFolders();
}
