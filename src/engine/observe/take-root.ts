import { rootNode } from '../../common/ids.ts';
import { rootPath } from '../../common/relative-path.ts';
import type { Index } from '../../db/index-port.ts';
import type { FileSystem, Marker } from '../../local/file-system.ts';
import { formerVolume } from './former-rows.ts';
import { knownRoot, rootKey } from './root-check.ts';

/**
 * Makes the folder of `fs` the index's from now on: a person says that it went there, and it bears the pair's mark. If it is the
 * very same one, moved on its disk, all in it is what it was. Otherwise it is a copy, in which things are known again by
 * name and content (`isFormer`). `marker`: what it is to bear then.
 */
export async function takeRoot(index: Index, fs: FileSystem, marker: Marker): Promise<void> {
  const known = knownRoot(index.read);
  // It is marked when it is looked at for the first time.
  if (known === null) return;
  if ((await fs.checkRoot(known)) === 'ok' && (await fs.volumeNumber()) === known.dev && (await isTheSame(index, fs)))
    return;
  const identity = await fs.writeMarker(marker);
  index.transaction(
    (write) => {
      write.renumberVolume(known.dev, formerVolume);
      write.setMeta(rootKey, identity);
    },
    { isDurable: true },
  );
}

/** A folder's number alone says little, since the first folder of every disk has the same one; times of birth cannot be copied. */
async function isTheSame({ read }: Index, fs: FileSystem): Promise<boolean> {
  const outcome = await fs.listFolder(rootPath);
  if (!outcome.ok) throw outcome.error;
  const rows = new Map(read.localRowsOf(rootNode).map((row) => [row.name, row]));
  return outcome.listing.entries.some(({ name, ino, birthUs }) => {
    const row = rows.get(name);
    return row !== undefined && ino !== 0 && birthUs !== 0 && row.ino === ino && row.birthUs === birthUs;
  });
}
