import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../peers/peer.ts';
import type { Volume } from '../volume.ts';

/** Empty folders for `count` devices and a server. */
export async function makePlace({ root }: Volume, count = 2): Promise<Place> {
  const folders = Array.from({ length: count }, (_, at) => join(root, `device-${at}`));
  const place = { server: join(root, 'server'), state: join(root, 'state'), line: null };
  for (const folder of [...folders, place.server, place.state]) await mkdir(folder);
  const [a = '', b = '', ...more] = folders;
  return { root, folders: [a, b, ...more], ...place };
}
