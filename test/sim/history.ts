import { z } from 'zod';
import { mostDevices } from './account.ts';
import { diskCalls } from './disk/faults.ts';
import { simDisks } from './disk/sim-traits.ts';

/**
 * What happens in a world, as data: made from a seed, shrunk when it fails, kept as JSON. Everything that is not said here
 * (how long a call takes, which one is lost, what a power cut leaves) the seed decides as the history runs. Steps that are
 * not possible as things are then change nothing, so that any step can be left out.
 */
const device = z
  .int()
  .min(0)
  .max(mostDevices - 1);
const path = z.string().min(1).max(1000);
const content = z.int().min(0);
const count = z.int().min(1);

const action = z.discriminatedUnion('do', [
  // A person or another program, on the folder.
  z.strictObject({
    do: z.literal('write'),
    device,
    path,
    content,
    /** Bytes. */
    size: z.int().min(0),
    /** `rewrite` empties the file and fills it; `replace` renames a new file over it; `vim` keeps the old one as `~` meanwhile. `anew` deletes it and makes another one a little later; `in place` writes over its bytes and sets its time back. */
    how: z.enum(['rewrite', 'replace', 'vim', 'anew', 'in place']),
    /** Whether the program syncs it to the disk. */
    isSynced: z.boolean(),
  }),
  /** A file is saved while the app looks at it or reads it: at the so many-th such call from now on. */
  z.strictObject({
    do: z.literal('save-amid'),
    device,
    call: z.enum(['lstat', 'open', 'read']),
    content,
    /** Bytes more than it had. */
    growth: z.int(),
    after: count,
    how: z.enum(['rewrite', 'replace', 'in place']),
  }),
  /** A file is saved while the app fetches something: at the so many-th write of what came from the vault from now on. */
  z.strictObject({ do: z.literal('save-while-fetching'), device, path, content, size: z.int().min(0), after: count }),
  z.strictObject({ do: z.literal('copy'), device, from: path, to: path }),
  z.strictObject({ do: z.literal('folder'), device, path }),
  z.strictObject({ do: z.literal('remove'), device, path }),
  z.strictObject({ do: z.literal('move'), device, from: path, to: path }),
  /** Each takes the next one's name, the last one the first's. */
  z.strictObject({ do: z.literal('rotate'), device, paths: z.array(path).min(2).max(4) }),
  z.strictObject({ do: z.literal('touch'), device, path, ago: z.int() }),
  z.strictObject({ do: z.literal('exec'), device, path, isOff: z.boolean().optional() }),
  /** A second name of the same file. */
  z.strictObject({ do: z.literal('link'), device, from: path, to: path }),
  /** In place of the file that is there, if one is. */
  z.strictObject({ do: z.literal('symlink'), device, path }),
  /** A program of theirs holds the file for so many milliseconds: nobody else may open, rename or remove it. */
  z.strictObject({ do: z.literal('lock'), device, path, ms: z.number().min(0) }),
  /** What is not to be synced of what is in this folder, as a `.holdfastignore` of so many names; without any: none. */
  z.strictObject({
    do: z.literal('rules'),
    device,
    folder: path.optional(),
    number: z.int().min(0),
    names: z.array(z.string().min(1).max(100)).max(9),
  }),
  // A person, with the app.
  z.strictObject({ do: z.literal('sync'), device }),
  /** The dry run. */
  z.strictObject({ do: z.literal('plan'), device }),
  z.strictObject({ do: z.literal('pause'), device }),
  z.strictObject({ do: z.literal('resume'), device }),
  z.strictObject({ do: z.literal('resolve'), device, choice: z.enum(['allow', 'restore']) }),
  /** The batch so many before the last one. */
  z.strictObject({ do: z.literal('undo'), device, back: z.int().min(0) }),
  /** The version before, or a deleted file: the so many-th of those that can be had. */
  z.strictObject({ do: z.literal('bring-back'), device, number: z.int().min(0) }),
  /** Takes it off this device. */
  z.strictObject({ do: z.literal('deselect'), device, path }),
  /** Brings back the so many-th of those that are not on this device. */
  z.strictObject({ do: z.literal('select'), device, number: z.int().min(0) }),
  /** Brings back the so many-th file of the folder's trash, beside what has its name by now. */
  z.strictObject({ do: z.literal('take-from-trash'), device, number: z.int().min(0) }),
  z.strictObject({ do: z.literal('empty-trash'), device }),
  /** Takes the folder off the vault and puts it in again, as a new pair. */
  z.strictObject({ do: z.literal('add-again'), device }),
  /** The folder is copied to another disk, the first one is gone, and the person says where it is now. */
  z.strictObject({
    do: z.literal('locate'),
    device,
    /** Is missing in the copy, as in one that was made before. Ignored where nobody else has what is in it. */
    without: path.optional(),
  }),
  // What happens to machines.
  z.strictObject({
    do: z.literal('die'),
    device,
    where: z.enum(['call', 'disk', 'commit']),
    after: count,
    isPowerCut: z.boolean(),
    /** Counted from the next time that it gives something that came from the vault its name. */
    isOncePlaced: z.boolean().optional(),
  }),
  z.strictObject({ do: z.literal('stop'), device }),
  z.strictObject({ do: z.literal('start'), device }),
  z.strictObject({ do: z.literal('cut'), device }),
  z.strictObject({ do: z.literal('heal'), device }),
  z.strictObject({ do: z.literal('jump'), device, ms: z.int() }),
  z.strictObject({ do: z.literal('backup'), device }),
  /** The disk with the folder is not there for so many milliseconds: in its place is an empty folder. */
  z.strictObject({ do: z.literal('unplug'), device, ms: z.number().min(0) }),
  /** So many calls of the app to what is in the folder fail from now on. */
  z.strictObject({
    do: z.literal('disk-fails'),
    device,
    call: z.enum(['readdir', 'lstat', 'open', 'read', 'write', 'rename', 'link', 'mkdir']),
    code: z.enum(['EIO', 'EACCES', 'ENOSPC', 'EBUSY']),
    times: count,
    /** Only those to what has this name. */
    name: path.optional(),
  }),
  /** The same in the app's own folder as well, from the so many-th such call on; without `call`, of calls of any kind. */
  z.strictObject({
    do: z.literal('disk-fails-anywhere'),
    device,
    call: z.enum(diskCalls).optional(),
    code: z.enum(['EIO', 'EACCES', 'ENOSPC', 'EMFILE']),
    after: count,
    times: count,
    /** Only those to what has this name. */
    name: path.optional(),
  }),
  /** The device's state as of its last backup; the folder as it is, or as it was then, too. */
  z.strictObject({ do: z.literal('restore'), device, isWhole: z.boolean().optional() }),
  z.strictObject({ do: z.literal('lose-index'), device }),
  z.strictObject({ do: z.literal('server-dies'), after: count }),
  z.strictObject({ do: z.literal('server-starts') }),
  /** The server takes so many bytes more than it has, or any again. */
  z.strictObject({ do: z.literal('room'), bytes: z.int().min(0).nullable() }),
  /** A device is removed from the account, one that is not among these or `removed`: the vault gets a new key. */
  z.strictObject({ do: z.literal('revoke'), device }),
  // What a person has to mend.
  z.strictObject({ do: z.literal('delete-vault') }),
  /** A copy of the server's data, and the last one in the place of what it has. */
  z.strictObject({ do: z.literal('server-backup') }),
  z.strictObject({ do: z.literal('server-put-back') }),
  /** All that the device keeps is lost, but for its folder: somebody logs in on it as on a new one. */
  z.strictObject({ do: z.literal('lose-home'), device }),
  z.strictObject({ do: z.literal('server-jump'), ms: z.int() }),
  /** Everybody's clock is so many days later, at once: in few enough steps for nobody to take it for a clock that leapt. */
  z.strictObject({ do: z.literal('days'), days: z.int().min(1).max(14) }),
]);

const share = z.number().min(0).max(1);

const historySchema = z.strictObject({
  seed: z.int(),
  /** What broke once, for people. */
  note: z.string().optional(),
  devices: z
    .array(
      z.strictObject({
        disk: z.enum(Object.keys(simDisks) as [keyof typeof simDisks]),
        /** The daemon, which watches; else it syncs when told to. */
        isWatching: z.boolean(),
        /** Share of watch hints that are lost. */
        deafness: share,
        /** Share of watch hints that come by themselves, a little later than the others. */
        lateness: share.optional(),
        /** Longest time of a call to the disk, milliseconds; 2 if not said. */
        slowness: z.number().min(0).optional(),
      }),
    )
    .min(1)
    .max(mostDevices),
  line: z.strictObject({
    latency: z.number().min(0),
    lost: share,
    lostReply: share,
    duplicate: share,
    lostHint: share,
  }),
  /** Minutes that the server keeps objects which nothing retains. */
  graceMinutes: z.number().min(1),
  /** How many entries of the log an answer holds; all if not said. */
  entriesInPage: count.optional(),
  /** How many new nodes a device plans at once; the engine's own number if not said. */
  newNodesInPlan: count.optional(),
  /** Up to which size files are sent together; the engine's own if not said. */
  smallBytes: z.int().min(0).optional(),
  /** After how many entries a checkpoint is written; the engine's own if not said. */
  checkpointEntries: count.optional(),
  /**
   * How long a cycle works before it ends early for what a person asks, and a round before it leaves what takes long for what else
   * came; the engine's own if not said.
   */
  leastWorkMs: z.int().min(0).optional(),
  /** The device that is the first to be removed from the account; one that never runs if not said. */
  removed: device.optional(),
  /** When all is done, somebody logs in on one more device. */
  isJoined: z.boolean().optional(),
  /** Milliseconds that pass before each step, and the step. */
  steps: z.array(z.tuple([z.number().min(0), action])),
});

export type History = z.infer<typeof historySchema>;
export type Action = z.infer<typeof action>;
export type Step = History['steps'][number];
export type DeviceSetup = History['devices'][number];

export const parseHistory = (json: unknown): History => historySchema.parse(json);
