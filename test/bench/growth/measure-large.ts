import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { differences } from '../data/differences.ts';
import { writeLargeFile } from '../data/large-file.ts';
import { type Cost, measure } from '../measure/measure.ts';
import { createTools } from '../measure/tools.ts';
import { holdfastDevice, joinAccount, startServer } from '../peers/holdfast-programs.ts';
import { diskFolder, syncVolume } from '../volume.ts';

/** What one file of so many MiB costs. */
export interface LargeCost {
  readonly mib: number;
  readonly up: Cost;
  readonly down: Cost;
}

export async function measureLarge(base: string, mib: number): Promise<LargeCost> {
  const volume = await diskFolder(base);
  const tools = createTools();
  try {
    const at = (name: string): string => join(volume.root, name);
    for (const name of ['a', 'b', 'state', 'server']) await mkdir(at(name));
    const { url } = await startServer(tools, at('server'));
    const sync = async (name: string, isFirst: boolean): Promise<Cost> => {
      const device = holdfastDevice(tools, at(`state/${name}`));
      await joinAccount(device, url, isFirst, at(name));
      return measure(tools, volume.root, async () => void (await device.run('sync')));
    };
    writeLargeFile(join(at('a'), 'large.bin'), mib);
    await syncVolume(volume.root);
    const up = await sync('a', true);
    const down = await sync('b', false);
    const found = differences(at('a'), at('b'));
    if (found.length > 0) throw new Error(`what arrived differs: ${found.join(', ')}`);
    return { mib, up, down };
  } finally {
    await tools.close();
    await volume.close();
  }
}
