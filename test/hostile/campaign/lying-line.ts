import type { Answer } from '../../helpers/whole-answer.ts';
import { dice } from '../../sim/random.ts';
import type { Asked, Lie } from '../harness/liar.ts';
import type { CampaignCase } from './campaign-case.ts';
import { forgeries, type Heard, type LieKind, troubles } from './lie-kinds.ts';

export interface LyingLine {
  readonly lie: Lie;
  /** What was said instead of the truth, in words. */
  readonly told: readonly string[];
  /** Whether anything was said that could be taken for something signed. */
  hasForged(): boolean;
}

const most = 400;

/** What was asked, without what differs from one device or try to the next. */
const question = ({ method, path }: Asked): string => `${method} ${path}`;

/** Lies as the case says. `astray`: another server that is asked now and then; null: none. */
export function lyingLine(
  { seed, habits, astray: share }: Pick<CampaignCase, 'seed' | 'habits' | 'astray'>,
  astray: string | null,
): LyingLine {
  const earlier = new Map<string, Answer[]>();
  const all: Answer[] = [];
  const told: string[] = [];
  const counts = new Map<string, number>();
  let isForged = false;

  const heard: Heard = { before: (asked) => earlier.get(question(asked)) ?? [], any: () => all };
  const note = (asked: Asked, answer: Answer): void => {
    const key = question(asked);
    earlier.set(key, [...(earlier.get(key) ?? []), answer].slice(-8));
    all.push(answer);
    if (all.length > most) all.shift();
  };

  return {
    told,
    hasForged: () => isForged,
    lie: async (asked, truth) => {
      if (asked.name === 'events') return null;
      const count = counts.get(asked.name ?? '') ?? 0;
      counts.set(asked.name ?? '', count + 1);
      const draw = dice(seed, `${asked.name} ${count}`);
      const isAstray = astray !== null && draw.chance(share);
      const answer = await truth(isAstray ? astray : undefined);
      note(asked, answer);
      if (isAstray) {
        isForged = true;
        told.push(`${asked.name} ${count}: asked elsewhere, ${answer.status}`);
      }
      for (const { route, kind, share: often } of habits) {
        if ((route !== null && route !== asked.name) || !draw.chance(often)) continue;
        const lie = (troubles[kind] ?? forgeries[kind]) as LieKind;
        if (kind in forgeries) isForged = true;
        told.push(`${asked.name} ${count}: ${kind}`);
        return lie(draw, answer, asked, heard);
      }
      return answer;
    },
  };
}
