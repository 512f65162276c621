import { diskError } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import { parentPath, type RelativePath } from '../common/relative-path.ts';
import { err, ok, type Result } from '../common/result.ts';
import type { Stat } from '../model/stat.ts';
import type { Disk } from './disk.ts';
import { modeWithExec, setMode } from './file-mode.ts';
import { type Anchor, entryOf, type LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { lookAt, type NodeStat } from './node-stat.ts';
import { stageFolder } from './own-folder.ts';
import { isLinkRefused, vouchedStat } from './rename-safely.ts';
import type { NodeStagedFile } from './staged-file.ts';
import type { TimeSlice } from './time-slice.ts';

/** To a free name: `link` refuses a taken one, so that nothing is ever replaced unseen. */
function placeNew(disk: Disk, staged: string, target: string, hasStableIds: boolean): void {
  try {
    disk.linkSync(staged, target);
  } catch (error) {
    if (!isLinkRefused(error)) throw error;
    // No hard links here (FAT): the look is right before the rename, which replaces what appears in between.
    if (lookAt(disk, target, hasStableIds) !== null) throw diskError('exists');
    disk.renameSync(staged, target);
    return;
  }
  try {
    disk.unlinkSync(staged);
  } catch {
    // It has its name. On Windows a program that looks through every new file may hold this one; start-up removes what is left.
  }
}

/** As programs do that look for viruses. */
const removedByOthers = (): HoldfastError =>
  new HoldfastError('io', 'another program removed it while it was downloaded', { reason: 'removed-from-stage' });

/** A file that gets its name must have been synced. */
export function checkSynced(file: NodeStagedFile): void {
  if (file.state === 'lost') throw removedByOthers();
  if (file.state !== 'synced') throw new HoldfastError('bug', 'a staged file is synced before it gets its name');
}

export function lookAtStaged(root: LocalRoot, stage: Anchor, file: NodeStagedFile): NodeStat {
  const ready = lookAt(root.disk, stage.at(file.name), root.hasStableIds);
  if (ready === null) throw removedByOthers();
  return ready;
}

/** What stands at `target` by now; vouches for no other content than was staged. */
export function placed(root: LocalRoot, file: NodeStagedFile, target: string, content: NodeStat): Stat {
  file.state = 'gone';
  return vouchedStat(root.disk, target, content, root.hasStableIds);
}

/** The mode bits but exec for a new file, whose path in the stage and whose stat are given. */
export type NewMode = (staged: string, ready: NodeStat) => number;

/** Without giving way. */
export function placeNewIn(
  root: LocalRoot,
  stage: Anchor,
  anchor: Anchor,
  file: NodeStagedFile,
  name: string,
  newMode: NewMode,
): Stat {
  const { disk, hasStableIds } = root;
  checkSynced(file);
  const target = anchor.at(name);
  const ready = lookAtStaged(root, stage, file);
  setMode(disk, stage.at(file.name), ready, modeWithExec(newMode(stage.at(file.name), ready), file.exec));
  placeNew(disk, stage.at(file.name), target, hasStableIds);
  return placed(root, file, target, ready);
}

interface NodeNewPlace {
  readonly file: NodeStagedFile;
  readonly path: RelativePath;
  readonly newMode: NewMode;
}

/** See `Stage.placeAll`. Without giving way within a run of neighbours. */
export async function placeAllStaged(
  root: LocalRoot,
  places: readonly NodeNewPlace[],
  slice: TimeSlice,
): Promise<readonly Result<Stat, HoldfastError>[]> {
  const outcomes: Result<Stat, HoldfastError>[] = [];
  for (let at = 0; at < places.length; ) {
    if (slice.isSpent()) await slice.rest();
    const run = neighbours(places, at, root.entriesAtOnce);
    outcomes.push(...placeRun(root, run));
    at += run.length;
  }
  return outcomes;
}

function neighbours(places: readonly NodeNewPlace[], from: number, most: number): readonly NodeNewPlace[] {
  const first = places[from];
  let end = from + 1;
  while (end - from < most && first !== undefined && places[end] !== undefined) {
    if (parentPath((places[end] as NodeNewPlace).path) !== parentPath(first.path)) break;
    end++;
  }
  return places.slice(from, end);
}

function placeRun(root: LocalRoot, run: readonly NodeNewPlace[]): Result<Stat, HoldfastError>[] {
  const outcome = (work: () => Stat): Result<Stat, HoldfastError> => {
    try {
      return ok(work());
    } catch (error) {
      return err(mapErrno(error));
    }
  };
  try {
    const [first] = run;
    if (first === undefined) return [];
    return root.inFolder(stageFolder, (stage) =>
      root.inFolder(entryOf(first.path).folder, (anchor) =>
        run.map(({ file, path, newMode }) =>
          outcome(() => placeNewIn(root, stage, anchor, file, entryOf(path).name, newMode)),
        ),
      ),
    );
  } catch (error) {
    return run.map(() => err(mapErrno(error)));
  }
}
