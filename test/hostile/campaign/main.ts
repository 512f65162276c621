import { parseArgs } from 'node:util';
import { removeTempFolders } from '../../helpers/temp.ts';
import { type HostileWorld, hostileWorld } from '../harness/world.ts';
import { type PlayName, plays, told } from './plays.ts';

const usage = `npm run hostile -- --seeds N [--from S] [--play NAME]   a server, a device or a store that lies, by seeds
NAME is one of ${Object.keys(plays).join(', ')}; all of them in turn if none is named. What fails is told with its seed;
as a case in test/hostile/campaign/kept-cases.ts it is played first from then on.`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    play: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** So many seeds on one account: each adds vaults, and some a device, and all of them are told of to all. */
const seedsOfWorld = 40;

async function run(names: readonly PlayName[]): Promise<number> {
  const from = Number(values.from);
  const ends: Record<string, number> = {};
  let failed = 0;
  let world: HostileWorld | null = null;
  for (let seed = from; seed < from + Number(values.seeds); seed++) {
    if ((seed - from) % seedsOfWorld === 0) {
      await world?.close();
      world = await hostileWorld();
    }
    for (const name of names) {
      const played = await plays[name](world as HostileWorld, seed);
      ends[played.end] = (ends[played.end] ?? 0) + 1;
      if (played.problem === null) continue;
      failed++;
      say(told(`${name} ${seed}`, played));
    }
  }
  await world?.close();
  say(JSON.stringify(ends));
  return failed;
}

const isName = (name: string): name is PlayName => name in plays;
if (values.help || (values.play !== undefined && !isName(values.play))) {
  say(usage);
  process.exitCode = values.help ? 0 : 1;
} else {
  const failed = await run(values.play === undefined ? (Object.keys(plays) as PlayName[]) : [values.play as PlayName]);
  await removeTempFolders();
  process.exitCode = failed > 0 ? 1 : 0;
}
