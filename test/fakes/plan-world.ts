import { must } from '../../src/common/errors.ts';
import { type NodeId, type RevisionId, rootNode } from '../../src/common/ids.ts';
import type { LocalNameRules } from '../../src/model/local-name-rules.ts';
import type { LocalNode } from '../../src/model/node.ts';
import type { PlanContext } from '../../src/plan/context.ts';
import { isDiverged } from '../../src/plan/diverged.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { type ApplyOptions, applyPlan, sideFaults } from './apply-plan.ts';
import type { Contents } from './contents.ts';
import { linuxRules, type MemoryTrees, makeMemoryTrees } from './memory-trees.ts';

/** One side of a folder pair, changed by path as a person does. Folders are made as needed. */
export interface Replica {
  write(path: string, content: string): Replica;
  mkdir(path: string): Replica;
  /** Turns the executable bit over: a new revision of the same bytes. */
  chmod(path: string): Replica;
  /** With all that is below it. */
  rm(path: string): Replica;
  /** Over whatever is there. */
  mv(from: string, to: string): Replica;
  id(path: string): NodeId;
  isExec(path: string): boolean;
  has(path: string): boolean;
  /** Content by path; folders end in `/` and hold ''. */
  list(): Record<string, string>;
}

export interface PlanWorld {
  readonly trees: MemoryTrees;
  readonly contents: Contents;
  readonly local: Replica;
  readonly remote: Replica;
  context: PlanContext;
  diverged(): NodeId[];
  plan(): Plan;
  /** Plans and applies until nothing diverges; returns the rounds it took. Throws after `maxRounds`. */
  sync(options?: ApplyOptions & { readonly maxRounds?: number }): number;
  /** One plan, applied. */
  round(options?: ApplyOptions): void;
  /** Another device with the same vault, in the state that this one has now. */
  twin(deviceName: string, rules?: LocalNameRules): PlanWorld;
}

export const calmGuard: PlanContext['guard'] = {
  maxDeletes: 1000,
  maxShare: 1,
  syncedCount: 1_000_000,
  approvedUp: () => false,
  approvedDown: () => false,
  heldUp: () => false,
  heldDown: () => false,
  recentUp: 0,
  recentDown: 0,
};

const hex = (number: number, prefix: string): string => prefix + number.toString(16).padStart(32 - prefix.length, '0');

interface Mint extends Contents {
  freshId(): NodeId;
  freshRevision(text: string): RevisionId;
}

function makeMint(): Mint {
  const texts = new Map<RevisionId, string>();
  let counter = 0;
  return {
    of: (revision) => must(texts.get(revision)),
    // Ids in an order unlike that of creation, so that nothing leans on it.
    freshId: () => hex(++counter, ((counter * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')) as NodeId,
    freshRevision: (text) => {
      const revision = hex(++counter, 'eeee') as RevisionId;
      texts.set(revision, text);
      return revision;
    },
  };
}

function makeWorld(trees: MemoryTrees, mint: Mint, deviceName: string): PlanWorld {
  const contents: Contents = mint;
  const { freshId, freshRevision } = mint;

  const replica = (side: 'local' | 'remote'): Replica => {
    const isLocal = side === 'local';
    const row = (id: NodeId) => (isLocal ? trees.local(id) : trees.remote(id));
    const children = (id: NodeId) => (isLocal ? trees.localChildren(id) : trees.remoteChildren(id));
    const byName = (parent: NodeId, name: string) =>
      isLocal ? trees.localByName(parent, name) : trees.remoteByName(parent, name);
    const put = (next: Pick<LocalNode, 'id' | 'parent' | 'name' | 'revision'> & { exec?: boolean }): void => {
      const whole = {
        ...next,
        exec: next.exec ?? row(next.id)?.exec ?? false,
        kind: next.revision === null ? ('folder' as const) : ('file' as const),
        size: next.revision === null ? 0 : contents.of(next.revision).length,
        mtimeUs: next.revision === null ? 0 : Number.parseInt(next.revision.slice(-8), 16) * 1_000_000,
      };
      if (isLocal) trees.putLocal({ ...whole, differsFrom: null });
      else trees.putRemote(whole);
    };
    const find = (path: string): NodeId | null => {
      let id: NodeId = rootNode;
      for (const name of path.split('/').filter((part) => part !== '')) {
        const child = byName(id, name);
        if (child === null) return null;
        id = child.id;
      }
      return id;
    };
    const parts = (path: string): { parent: string; name: string } => {
      const names = path.split('/').filter((part) => part !== '');
      return { name: must(names.at(-1)), parent: names.slice(0, -1).join('/') };
    };
    const folder = (path: string): NodeId => {
      let id: NodeId = rootNode;
      for (const name of path.split('/').filter((part) => part !== '')) {
        const child = byName(id, name);
        const next = child?.id ?? freshId();
        if (child === null) put({ id: next, parent: id, name, revision: null });
        id = next;
      }
      return id;
    };
    const self: Replica = {
      write: (path, content) => {
        const { parent, name } = parts(path);
        const at = folder(parent);
        const found = byName(at, name);
        if (found?.revision != null && contents.of(found.revision) === content) return self;
        put({ id: found?.id ?? freshId(), parent: at, name: found?.name ?? name, revision: freshRevision(content) });
        return self;
      },
      mkdir: (path) => {
        folder(path);
        return self;
      },
      chmod: (path) => {
        const { id, parent, name, revision, exec } = must(row(must(find(path), path)));
        put({ id, parent, name, revision: freshRevision(contents.of(must(revision))), exec: !exec });
        return self;
      },
      rm: (path) => {
        const going = [must(find(path), path)];
        for (const id of going) {
          going.push(...children(id).map((child) => child.id));
          if (isLocal) trees.removeLocal(id);
          else trees.removeRemote(id);
        }
        return self;
      },
      mv: (from, to) => {
        const id = must(find(from), from);
        const { parent, name } = parts(to);
        const at = folder(parent);
        const over = byName(at, name);
        if (over !== null && over.id !== id) self.rm(to);
        const moved = must(row(id));
        put({ id, parent: at, name, revision: moved.revision });
        return self;
      },
      has: (path) => find(path) !== null,
      id: (path) => must(find(path), path),
      isExec: (path) => must(row(must(find(path), path))).exec,
      list: () => {
        const listing: Record<string, string> = {};
        const open: { id: NodeId; path: string }[] = [{ id: rootNode, path: '' }];
        for (const { id, path } of open) {
          for (const child of children(id)) {
            const childPath = path + child.name;
            if (child.revision === null) open.push({ id: child.id, path: `${childPath}/` });
            listing[child.revision === null ? `${childPath}/` : childPath] =
              child.revision === null ? '' : contents.of(child.revision);
          }
        }
        return Object.fromEntries(Object.entries(listing).sort(([a], [b]) => (a < b ? -1 : 1)));
      },
    };
    return self;
  };

  const world: PlanWorld = {
    trees,
    contents,
    local: replica('local'),
    remote: replica('remote'),
    context: { deviceName, nameRules: trees.rules, isBlocked: () => false, guard: calmGuard },
    diverged: () => trees.ids().filter((id) => isDiverged(trees.local(id), trees.remote(id), trees.synced(id))),
    plan: () => makePlan(trees, world.diverged(), world.context),
    sync: (options = {}) => {
      const maxRounds = options.maxRounds ?? 8;
      for (let round = 0; ; round++) {
        const faults = sideFaults(trees);
        if (faults.length > 0) throw new Error(faults.join('; '));
        if (world.diverged().length === 0) return round;
        if (round === maxRounds) throw new Error(`still diverged after ${round} rounds`);
        applyPlan(trees, world.plan(), contents, options);
      }
    },
    round: (options = {}) => applyPlan(trees, world.plan(), contents, options),
    twin: (name, rules = trees.rules) => {
      const other = makeMemoryTrees(rules, trees.vault);
      for (const row of trees.locals()) other.putLocal(row);
      for (const row of trees.synceds()) other.putSynced(row);
      return makeWorld(other, mint, name);
    },
  };
  return world;
}

/** A synced pair with `initial` on both sides (content by path; a path that ends in `/` is a folder). */
export function makePlanWorld(initial: Record<string, string> = {}, rules: LocalNameRules = linuxRules): PlanWorld {
  const trees = makeMemoryTrees(rules);
  const world = makeWorld(trees, makeMint(), 'Here');
  for (const [path, content] of Object.entries(initial)) {
    if (path.endsWith('/')) world.remote.mkdir(path);
    else world.remote.write(path, content);
  }
  for (const remote of trees.remotes()) {
    trees.putLocal({ ...remote, differsFrom: null });
    trees.putSynced({ ...remote, localName: remote.name });
  }
  return world;
}
