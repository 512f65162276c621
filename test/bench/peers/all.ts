import { isInstalled } from '../measure/tools.ts';
import { say } from '../say.ts';
import { borg } from './borg.ts';
import { holdfast } from './holdfast.ts';
import type { Peer } from './peer.ts';
import { rclone } from './rclone.ts';
import { restic } from './restic.ts';
import { rsync } from './rsync.ts';
import { syncthing } from './syncthing.ts';
import { unison } from './unison.ts';

const allPeers: readonly Peer[] = [holdfast, restic, rclone, borg, syncthing, unison, rsync];

/** Those of that name that can run here; says which cannot. */
export function installedPeers(names: readonly string[] | null): readonly Peer[] {
  const known = new Set(allPeers.map(({ name }) => name));
  for (const name of names ?? []) {
    if (!known.has(name)) throw new Error(`${name} is no contestant; there are ${[...known].join(', ')}`);
  }
  return allPeers.filter(({ name, programs }) => {
    if (names !== null && !names.includes(name)) return false;
    const missing = programs.filter((program) => !isInstalled(program));
    if (missing.length > 0) say(`NOT MEASURED: ${name}, since ${missing.join(' and ')} is not installed.`);
    return missing.length === 0;
  });
}
