import type { Clock } from '../../common/clock.ts';
import type { NodeId } from '../../common/ids.ts';
import type { Direction, IndexReader } from '../../db/index-port.ts';
import type { Plan } from '../../plan/plan.ts';

/**
 * What was deleted lately without that a person was asked: much that goes bit by bit is as much as if it went at once. In
 * memory only.
 */
export interface RecentDeletes {
  /** How many nodes. */
  count(direction: Direction): number;
  /** For a plan that is about to be carried out; what it returns is to be called once that has ended. */
  begin(plan: Pick<Plan, 'up' | 'down'>, read: DeletesReader): () => void;
}

type DeletesReader = Pick<IndexReader, 'isApproved' | 'localRow' | 'synced' | 'vaultRow'>;

/**
 * Milliseconds. A program that deletes, and a disk that breaks, do more in that time than a person who looks at each file.
 * What is not older than that does not count: programs make files and delete them all day long.
 */
const lately = 2 * 60_000;

const directions = ['up', 'down'] as const;

interface Delete {
  readonly direction: Direction;
  readonly node: NodeId;
  readonly nodes: number;
  /** Since when it was there, wall microseconds. */
  readonly sinceUs: number;
}

export function recentDeletes(clock: Clock): RecentDeletes {
  let noted: readonly { readonly direction: Direction; readonly nodes: number; readonly at: number }[] = [];
  return {
    count(direction) {
      const from = clock.monotonic() - lately;
      noted = noted.filter(({ at }) => at > from);
      return sum(noted.filter((each) => each.direction === direction));
    },
    begin(plan, read) {
      const deletes = deletesOf(plan, read);
      const allowed = new Set(deletes.filter(({ direction, node }) => read.isApproved(direction, node)));
      const answered = new Set([...allowed].map(({ direction }) => direction));
      // The person was asked, and knows of those before as well.
      noted = noted.filter(({ direction }) => !answered.has(direction));
      const now = clock.now();
      // Either way: of what is there since a time to come it is only known that the clock was set back.
      const isOld = ({ sinceUs }: Delete): boolean => Math.abs(now - sinceUs / 1000) > lately;
      const counting = deletes.filter((each) => !allowed.has(each) && isOld(each));
      return () => {
        const at = clock.monotonic();
        const done = counting.filter(({ node }) => read.synced(node) === null);
        for (const direction of directions) {
          const nodes = sum(done.filter((each) => each.direction === direction));
          if (nodes > 0) noted = [...noted, { direction, nodes, at }];
        }
      };
    },
  };
}

const sum = (some: readonly { readonly nodes: number }[]): number => some.reduce((all, { nodes }) => all + nodes, 0);

function deletesOf({ up, down }: Pick<Plan, 'up' | 'down'>, read: DeletesReader): readonly Delete[] {
  return [
    ...up.flatMap((op): Delete[] =>
      op.type === 'up-delete'
        ? [{ direction: 'up', node: op.node, nodes: op.nodes, sinceUs: read.vaultRow(op.node)?.timeUs ?? 0 }]
        : [],
    ),
    ...down.flatMap((op): Delete[] =>
      op.type === 'down-delete'
        ? [{ direction: 'down', node: op.node, nodes: 1, sinceUs: read.localRow(op.node)?.birthUs ?? 0 }]
        : [],
    ),
  ];
}
