import { isAbsolute, join } from 'node:path';
import { HoldfastError } from '../../common/errors.ts';
import type { Issue, PlanPreview, TrashItem } from '../../model/status.ts';
import type { Calls } from '../../rpc/contract.ts';
import type { Freeze } from '../../vault/freeze.ts';
import { withAdvice } from '../../vault/security-advice.ts';
import type { Device } from '../device.ts';
import type { PairRecord } from '../home/config.ts';
import { isOfOnePair } from '../pairs/is-of-one-pair.ts';
import { mergedActivity } from '../pairs/merged-activity.ts';
import type { OpenedPair, OpenPairs } from '../pairs/open-pairs.ts';
import { choosePair, choosePairs } from '../pairs/pair-choice.ts';

type VaultCommands = Pick<
  Calls,
  | 'plan'
  | 'ls'
  | 'versions'
  | 'restore'
  | 'undo'
  | 'activity'
  | 'trash'
  | 'restore-trashed'
  | 'empty-trash'
  | 'select'
  | 'deselected'
  | 'issues'
  | 'resolve'
  | 'why'
  | 'verify'
>;

/** What a vault holds, what happened in it, and what needs a person. */
export function vaultCommands(device: Device, pairs: OpenPairs): VaultCommands {
  const { records, open, all: openAll, at } = pairs;

  /** Over several pairs a path says by itself which one it is in. */
  const shown = (chosen: readonly OpenedPair[], { folder }: PairRecord, path: string): string =>
    chosen.length === 1 || isAbsolute(path) ? path : join(folder, path);

  return {
    plan: async ({ pair: choice, isVerbose }) => {
      const chosen = await openAll(choice);
      const previews = await Promise.all(
        chosen.map(async ({ record, pair }) => {
          const { counts, lines } = await pair.plan({ verbose: isVerbose });
          return { counts, lines: lines.map((line) => ({ ...line, path: shown(chosen, record, line.path) })) };
        }),
      );
      return { counts: addCounts(previews), lines: previews.flatMap(({ lines }) => lines) };
    },

    ls: async ({ pair: choice, path, isRecursive, withDeleted }) => {
      const place = await at(choice, path);
      return { entries: [...(await place.pair.list(place.path, { isRecursive, withDeleted }))] };
    },
    versions: async ({ pair: choice, path, node }) => {
      const place = await at(choice, path);
      return { versions: [...(await place.pair.versions(place.path, { node }))] };
    },
    restore: async ({ pair: choice, path, revision, node }) => {
      const place = await at(choice, path);
      return { ...(await place.pair.restore(place.path, { revision, node })) };
    },
    undo: async ({ pair: choice, batch }) => {
      const { pair } = await open(choosePair(records(), choice));
      const { batch: made, skipped } = await pair.undo(batch);
      return { batch: made, skipped: [...skipped] };
    },

    activity: async ({ pair: choice, limit, before }) => {
      const chosen = choice === null ? await openReachable(records(), open) : await openAll(choice);
      const lanes = chosen.map(({ record, pair }) => ({
        pair: record.pair,
        page: async (most: number, after: string | null) => pair.activity({ limit: most, before: after }),
      }));
      const { items, next } = await mergedActivity(lanes, limit, before);
      const folders = new Map(chosen.map(({ record }) => [record.pair, record.folder]));
      return {
        activity: items.map((item) => ({ ...item, changes: [...item.changes], folder: folders.get(item.pair) ?? '' })),
        next,
      };
    },
    trash: async ({ pair: choice }) => {
      const chosen = await openAll(choice);
      const lists = await Promise.all(
        chosen.map(async ({ record, pair }) =>
          (await pair.trash()).map((item) => ({ ...item, path: shown(chosen, record, item.path) })),
        ),
      );
      return { trash: lists.flat().sort((a, b) => b.deletedAt - a.deletedAt) };
    },
    'restore-trashed': async ({ pair: choice, path, batch, copy, where }) => {
      const { pair, path: inVault } = await at(choice, path);
      const isIt = (item: TrashItem): boolean =>
        item.where === 'local' && item.path === inVault && item.batch === batch && item.copy === copy;
      const chosen = where ?? ((await pair.trash()).some(isIt) ? 'local' : 'vault');
      return { ...(await pair.restoreTrashed({ path: inVault, batch, copy, where: chosen })) };
    },

    'empty-trash': async ({ pair: choice }) => {
      const removed = await Promise.all((await openAll(choice)).map(({ pair }) => pair.emptyTrash()));
      return { files: removed.reduce((sum, files) => sum + files, 0) };
    },

    select: async ({ pair: choice, path, isSelected }) => {
      const place = await at(choice, path);
      await place.pair.setSelected(place.path, isSelected);
      return { deselected: [...(await place.pair.deselected())] };
    },
    deselected: async ({ pair: choice }) => {
      const { pair } = await open(choosePair(records(), choice));
      return { deselected: [...(await pair.deselected())] };
    },

    issues: async ({ pair: choice }) => {
      const lists = await Promise.all(choosePairs(records(), choice).map((record) => issuesOf(record, open)));
      const stop = device.account()?.pin.frozen ?? null;
      const stopped = stop === null ? [] : choosePairs(records(), choice).map((record) => accountIssue(record, stop));
      return { issues: [...stopped, ...lists.flat()] };
    },
    resolve: async ({ pair: choice, issue, choice: decision, seen = null }) => {
      // Of a pair that is named nothing is looked through: each of thousands of issues is decided as fast as the only one.
      const { pair } =
        choice === null
          ? await ownerOf(issue, await openReachable(records(), open))
          : await open(choosePair(records(), choice));
      await pair.resolve(issue, decision, { seen });
      return { issue, choice: decision };
    },

    why: async ({ pair: choice, path, node }) => {
      const place = await at(choice, path);
      return { ...(await place.pair.why(place.path, { node })) };
    },
    verify: async ({ pair: choice, isDeep }) => {
      const chosen = await openAll(choice);
      const total = { nodes: 0, revisions: 0, objects: 0, bytes: 0 };
      const problems: { path: string; problem: string }[] = [];
      // One after the other: each is as fast as the line already.
      for (const { record, pair } of chosen) {
        const report = await pair.verify({ isDeep });
        total.nodes += report.nodes;
        total.revisions += report.revisions;
        total.objects += report.objects;
        total.bytes += report.bytes;
        for (const { path, problem } of report.problems) problems.push({ path: shown(chosen, record, path), problem });
      }
      return { ...total, problems, pairs: chosen.length };
    },
  };
}

/** The one pair that has the issue. Throws `usage` if none has it, or several have. */
async function ownerOf(issue: string, pairs: readonly OpenedPair[]): Promise<OpenedPair> {
  const having: OpenedPair[] = [];
  for (const one of pairs) if ((await one.pair.issues()).some(({ id }) => id === issue)) having.push(one);
  const [owner, other] = having;
  if (owner === undefined) {
    throw new HoldfastError('usage', `There is no issue “${issue}”.`, { reason: 'no-such-issue' });
  }
  if (other !== undefined) {
    throw new HoldfastError('usage', `Several folder pairs have an issue “${issue}”.`, {
      reason: 'which-pair',
      hint: 'Say which one with --pair.',
    });
  }
  return owner;
}

/** All pairs that can be opened; what is wrong with the others is told as issues of theirs. Throws if there is none. */
async function openReachable(
  records: readonly PairRecord[],
  open: (record: PairRecord) => Promise<OpenedPair>,
): Promise<readonly OpenedPair[]> {
  const tried = await Promise.allSettled(choosePairs(records, null).map(open));
  const opened = tried.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const [failed] = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (opened.length === 0) throw failed;
  return opened;
}

async function issuesOf(record: PairRecord, open: (record: PairRecord) => Promise<OpenedPair>) {
  const { pair: id, folder } = record;
  const found = await open(record).then(
    ({ pair }) => pair.issues(),
    (error: unknown) => [unopened(error)],
  );
  return found.map((issue) => ({ ...issue, choices: [...issue.choices], pair: id, folder }));
}

/** The account's security stop, which holds for every pair. */
const accountIssue = ({ pair, folder }: PairRecord, stop: Freeze) => ({
  id: 'account',
  kind: 'security' as const,
  message: withAdvice({ message: stop.message, security: stop.code }),
  node: null,
  path: null,
  choices: [],
  createdAt: Math.floor(stop.atUs / 1000),
  security: stop.code,
  isInformational: false,
  pair,
  folder,
});

/** Why a pair cannot be opened, as its one issue; what keeps all from being opened, or is a bug, is thrown. */
function unopened(error: unknown): Issue {
  if (!isOfOnePair(error)) throw error;
  const { hint, security = null } = error;
  const message = hint === undefined ? error.message : `${error.message} ${hint}`;
  const nowhere = { node: null, path: null, choices: [] };
  return { id: 'root', kind: kindOf(error), message, ...nowhere, security, createdAt: 0, isInformational: false };
}

function kindOf({ kind, reason, security }: HoldfastError): Issue['kind'] {
  if (security !== undefined) return 'security';
  if (reason === 'root-gone') return 'root';
  if (reason === 'disk-full') return 'disk-full';
  return kind === 'version' ? 'too-old' : 'file-blocked';
}

function addCounts(previews: readonly { readonly counts: PlanPreview['counts'] }[]): PlanPreview['counts'] {
  const total = { up: 0, down: 0, deletes: 0, moves: 0, conflicts: 0, held: 0, bytesUp: 0, bytesDown: 0 };
  for (const { counts } of previews) {
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += counts[name];
  }
  return total;
}
