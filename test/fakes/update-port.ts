import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Offer, UpdatePort } from '../../main/update-port.ts';

/** Stands in for electron-updater: a feed in `latest.json`, files fetched into a folder as they come, and an installer that reads one. */
export interface FakeUpdatePort extends UpdatePort {
  /** What was installed, as it was when the installer read it. */
  readonly installed: string[];
  /** Where the last file was put, which is the one that is installed. */
  file: string | null;
}

export function fakeUpdatePort(feed: URL, folder: string): FakeUpdatePort {
  let offer: Offer | null = null;
  const port: FakeUpdatePort = {
    installed: [],
    file: null,
    look: async () => {
      const answer = await fetch(new URL('latest.json', feed));
      offer = answer.ok ? ((await answer.json()) as Offer) : null;
      return offer;
    },
    fetch,
    download: async () => {
      const answer = await fetch(new URL(offer?.addresses[0] ?? '', feed));
      if (!answer.ok) throw new Error(`no file: ${answer.status}`);
      port.file = join(folder, `${offer?.version}.zip`);
      await writeFile(port.file, new Uint8Array(await answer.arrayBuffer()));
      return port.file;
    },
    install: async () => {
      port.installed.push(readFileSync(port.file ?? '', 'utf8'));
    },
  };
  return port;
}
