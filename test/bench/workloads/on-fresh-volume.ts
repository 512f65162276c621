import type { Place } from '../peers/peer.ts';
import { freshVolume, type Volume } from '../volume.ts';
import { makePlace } from './make-place.ts';
import type { Turn } from './workload.ts';

/** Runs `work` on a new file system with empty folders for `count` devices, and takes it away. */
export async function onFreshVolume(
  { base, size }: Turn,
  count: number,
  work: (place: Place, volume: Volume) => Promise<void>,
): Promise<void> {
  const volume = await freshVolume(base, size.volumeMib);
  try {
    await work(await makePlace(volume, count), volume);
  } finally {
    await volume.close();
  }
}
