import type { NodeId } from '../../common/ids.ts';
import { err, ok, type Result } from '../../common/result.ts';

/** A content that takes long. */
export interface LongWork<T> {
  readonly node: NodeId;
  /** Tells one content of the node from the next. */
  readonly key: string;
  /** `isWanted`: false ends it early. */
  readonly begin: (isWanted: () => boolean) => Promise<T>;
}

/** What takes long goes on from round to round of a cycle, so that a round can end for what else there is to be done. */
export interface UnderWay<T> {
  /**
   * What comes of the work: of the one that is under way for its node and key, or else of this one, which begins. Null if the round is
   * left first: then it goes on, for a later round that asks for it.
   */
  join(work: LongWork<T>, left: Promise<null>): Promise<T | null>;
  /** Whether this content is under way. */
  has(node: NodeId, key: string): boolean;
  /** Ends what is under way for other nodes. */
  keepOnly(nodes: ReadonlySet<NodeId>): void;
  /** Until what was ended has come to its end, since what is on the line goes on; null: there is none of it. */
  ending(): Promise<unknown> | null;
  /** Ends all of it; nothing of it runs afterwards. */
  end(): Promise<void>;
}

interface Running<T> {
  readonly key: string;
  readonly done: Promise<Result<T, unknown>>;
  /** Who waits, in the present round: a promise would remember those of all rounds. */
  wake: () => void;
  isDone: boolean;
  isWanted: boolean;
}

/** `drop`: of what nobody asked for again. */
export function underWay<T>(drop: (unused: T) => Promise<void>): UnderWay<T> {
  const works = new Map<NodeId, Running<T>>();
  /** What comes next of a node waits for it: there is one place for what both of them write. */
  const ending = new Map<NodeId, Promise<void>>();

  const giveUp = (node: NodeId): Promise<void> => {
    const running = works.get(node);
    if (running === undefined) return ending.get(node) ?? Promise.resolve();
    running.isWanted = false;
    works.delete(node);
    const ended = running.done
      .then((end) => (end.ok ? drop(end.value) : undefined))
      .finally(() => {
        if (ending.get(node) === ended) ending.delete(node);
      });
    ending.set(node, ended);
    return ended;
  };
  const begin = ({ node, key, begin: run }: LongWork<T>, former: Promise<void>): Running<T> => {
    const isWanted = (): boolean => running.isWanted;
    const done = former.then(() => run(isWanted)).then(ok, err);
    const running: Running<T> = { key, done, wake: () => undefined, isDone: false, isWanted: true };
    void done.then(() => {
      running.isDone = true;
      running.wake();
    });
    works.set(node, running);
    return running;
  };

  return {
    async join(work, left) {
      const { node, key } = work;
      const known = works.get(node);
      const running = known?.key === key ? known : begin(work, giveUp(node));
      const isLeft = await new Promise<boolean>((resolve) => {
        if (running.isDone) return resolve(false);
        running.wake = () => resolve(false);
        void left.then(() => resolve(true));
      });
      if (isLeft) return null;
      works.delete(node);
      const end = await running.done;
      if (end.ok) return end.value;
      throw end.error;
    },
    has: (node, key) => works.get(node)?.key === key,
    keepOnly: (nodes) => {
      for (const node of [...works.keys()]) if (!nodes.has(node)) void giveUp(node);
    },
    ending: () => (ending.size === 0 ? null : Promise.all(ending.values())),
    async end() {
      await Promise.all([...works.keys()].map(giveUp));
      await Promise.all(ending.values());
    },
  };
}
