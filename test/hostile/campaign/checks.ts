import { patience } from '../../helpers/eventually.ts';
import { trashedContents } from '../../helpers/scenario-files.ts';
import type { ClientPair } from '../harness/client.ts';
import { secretsSent } from '../harness/secrets-sent.ts';
import type { HostileWorld } from '../harness/world.ts';

/** Milliseconds that one run may take whatever is said. */
const longestRun = patience;

export interface Played {
  /** Null: nothing is wrong. */
  readonly problem: string | null;
  /** What was done and said, in order. */
  readonly story: readonly string[];
  readonly end: 'converged' | 'frozen' | 'account frozen' | 'problem';
}

export class Problem extends Error {}

export function check(isRight: boolean, what: string, ...more: unknown[]): asserts isRight {
  if (!isRight) throw new Problem([what, ...more.map((each) => JSON.stringify(each)?.slice(0, 3000))].join(' '));
}

/** Never throws: what the harness itself stumbles over is a problem as well. */
export async function playing(
  play: (story: string[], closing: (() => Promise<unknown>)[]) => Promise<Played['end']>,
): Promise<Played> {
  const story: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  try {
    return { problem: null, story, end: await play(story, closing) };
  } catch (error) {
    const problem = error instanceof Problem ? error.message : `unforeseen: ${(error as Error)?.stack ?? error}`;
    return { problem, story, end: 'problem' };
  } finally {
    for (const close of closing.reverse()) await close().catch(() => undefined);
  }
}

/** All that is in the folder or in its trash, which shows no bits. */
export const allContents = ({ files }: ClientPair): string[] => [
  ...Object.entries(files.tree()).flatMap(([path, content]) =>
    path.endsWith('/') ? [] : [content.replace(/ \+x$/, '')],
  ),
  ...trashedContents(files.root),
];

/**
 * What is shown is for people, and tells of nothing that only a server said. `hasNames`: names that a disk holds, with whatever is
 * in them, are shown as they are here; what shows them to a person makes that visible.
 */
export function expectFitToShow(texts: readonly string[], what: string, hasNames = false): void {
  for (const text of texts) {
    check(hasNames || !/\p{Cc}|\p{Cf}/u.test(text), `${what}: not fit to be shown`, text);
    check(!/undefined|\[object|NaN|[0-9a-f]{32}/.test(text), `${what}: not fit to be shown`, text);
    check(text.length < 3000, `${what}: too long to be shown`, text);
  }
}

/** Of what was asked of the server since `mark`, a count of requests. */
export function expectNoSecretSent(world: HostileWorld, mark: number): void {
  for (const request of world.liar.asked.slice(mark)) {
    const found = secretsSent(world, request);
    check(found.length === 0, 'a secret left', request.path, found);
  }
}

export async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Problem(`${what} does not end`)), longestRun);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
