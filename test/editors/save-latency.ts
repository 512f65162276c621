/**
 * How long it takes from the save of a file of 1 KiB on one device until it is on the disk of the other one, both idle
 * before (W6). Two live devices and the server in this process: `node test/editors/save-latency.ts [SAVES]`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { systemClock } from '../../src/app/system-clock.ts';
import { scenarioWorld } from '../helpers/scenario-world.ts';
import { removeTempFolders } from '../helpers/temp.ts';

const saves = Number(process.argv[2] ?? 60);
const size = 1024;

const world = await scenarioWorld();
try {
  const [a, b] = await world.pairs();
  await a.start();
  await b.start();
  await b.quiet();
  const measure = async (name: string): Promise<number> => {
    const content = randomBytes(size);
    const arrived = new Promise<void>((resolve) => {
      const watcher = watch(b.files.root, () => {
        if (!existsSync(b.files.at(name)) || !readFileSync(b.files.at(name)).equals(content)) return;
        watcher.close();
        resolve();
      });
    });
    const start = performance.now();
    writeFileSync(a.files.at(name), content);
    await arrived;
    return performance.now() - start;
  };
  for (const [what, name] of [
    ['one file again and again', () => 'f'],
    ['a new file each time', (i: number) => `f${i}`],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < saves; i++) {
      await a.quiet();
      await b.quiet();
      await systemClock.sleep(100);
      times.push(await measure(name(i)));
    }
    times.sort((x, y) => x - y);
    const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
    process.stdout.write(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, least ${at(0)} ms\n`);
  }
} finally {
  await world.close();
  await removeTempFolders();
}
