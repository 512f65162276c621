import type { Plan } from '../../plan/plan.ts';
import type { Downloaded } from '../down/download-content.ts';
import { type UnderWay, underWay } from '../transfer/under-way.ts';
import type { UploadOutcome } from '../up/upload-content.ts';

/** Large files that go on from round to round of a cycle. */
export interface ContentsUnderWay {
  readonly up: UnderWay<UploadOutcome>;
  readonly down: UnderWay<Downloaded>;
  /** Ends those that are in the plan no more. */
  keepOnly(plan: Plan): void;
  /** See `UnderWay`. */
  ending(): Promise<unknown> | null;
  end(): Promise<void>;
}

export function contentsUnderWay(): ContentsUnderWay {
  // What was stored is known, and not sent again.
  const up = underWay<UploadOutcome>(async () => undefined);
  const down = underWay<Downloaded>(({ staged }) => staged.leave());
  return {
    up,
    down,
    keepOnly: (plan) => {
      up.keepOnly(new Set(plan.up.map(({ node }) => node)));
      down.keepOnly(new Set(plan.down.map(({ node }) => node)));
    },
    ending: () => {
      const both = [up.ending(), down.ending()].filter((each) => each !== null);
      return both.length === 0 ? null : Promise.all(both);
    },
    end: async () => void (await Promise.all([up.end(), down.end()])),
  };
}
