import { far } from './far.ts';
import { idle } from './idle.ts';
import { large } from './large.ts';
import { many } from './many.ts';
import { save } from './save.ts';
import { small } from './small.ts';
import { three } from './three.ts';
import { versions } from './versions.ts';
import { watchedRename } from './watched-rename.ts';
import { watchedVersions } from './watched-versions.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = [
  large,
  small,
  watchedRename,
  many,
  save,
  idle,
  versions,
  watchedVersions,
  three,
  far,
];
