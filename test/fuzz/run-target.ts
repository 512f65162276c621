import { createHash } from 'node:crypto';
import { getHeapStatistics } from 'node:v8';
import { makeDice } from './dice.ts';
import { mutateInput } from './mutate.ts';
import type { Target } from './target.ts';

export interface Found {
  readonly input: Uint8Array;
  readonly error: unknown;
}

export interface Campaign {
  readonly runs: number;
  readonly corpus: readonly Uint8Array[];
  /** Places with counts, each kind of count once. */
  readonly features: number;
  readonly failures: readonly Found[];
}

export interface CampaignOptions {
  readonly milliseconds: number;
  readonly seed: number;
  readonly counters: Uint8Array;
  /** How many of them are in use. */
  readonly places: () => number;
}

/** As in AFL: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
const bucketOf = (count: number): number =>
  count < 4 ? count : count < 8 ? 4 : count < 16 ? 5 : count < 32 ? 6 : count < 128 ? 7 : 8;

const mib = 1024 * 1024;
const maxFailures = 20;
/** Bytes of an input that goes into the repository. */
const maxKept = 4096;

/** Tries inputs for a while: those that reach what none reached before are kept and built upon. */
export async function runCampaign(
  target: Target,
  known: readonly Uint8Array[],
  { milliseconds, seed, counters, places }: CampaignOptions,
): Promise<Campaign> {
  const dice = makeDice(seed);
  const seen = new Set<number>();
  const corpus: Uint8Array[] = [];
  const failures: Found[] = [];
  const kinds = new Set<string>();
  let runs = 0;
  let warm = false;

  const tryOne = async (input: Uint8Array): Promise<boolean> => {
    counters.fill(0);
    const bytesBefore = getHeapStatistics().external_memory;
    const before = process.cpuUsage();
    runs++;
    try {
      await target.run(input);
      const { user, system } = process.cpuUsage(before);
      const most = target.most ?? 300;
      if (warm && (user + system) / 1000 > most)
        throw new Error(`took ${Math.round((user + system) / 1000)} ms of time`);
      const grown = getHeapStatistics().external_memory - bytesBefore;
      if (grown > 32 * mib + 64 * input.length) throw new Error(`took ${Math.round(grown / mib)} MiB`);
    } catch (error) {
      const kind = String(error).slice(0, 80);
      if (!kinds.has(kind)) failures.push({ input, error });
      kinds.add(kind);
    }
    let isNew = false;
    const inUse = places();
    for (let place = 0; place < inUse; place++) {
      const count = counters[place] as number;
      if (count === 0) continue;
      const feature = place * 16 + bucketOf(count);
      if (seen.has(feature)) continue;
      seen.add(feature);
      isNew = true;
    }
    return isNew;
  };

  const start = [...known, ...target.seeds()].sort((a, b) => a.length - b.length);
  for (const input of start) if (await tryOne(input)) corpus.push(input);
  warm = true;
  const deadline = performance.now() + milliseconds;
  while (performance.now() < deadline && failures.length < maxFailures) {
    const base = corpus[dice.under(corpus.length)] ?? new Uint8Array();
    const other = corpus[dice.under(corpus.length)] ?? base;
    const input = mutateInput(target.kind, base, other, target.words ?? [], dice);
    if (await tryOne(input)) corpus.push(input);
  }
  return { runs, corpus, features: seen.size, failures };
}

/** The least of the corpus that reaches as much: what is worth keeping. Small inputs first. */
export async function minimised(
  target: Target,
  corpus: readonly Uint8Array[],
  counters: Uint8Array,
): Promise<Uint8Array[]> {
  const seen = new Set<number>();
  const kept: Uint8Array[] = [];
  const hashes = new Set<string>();
  for (const input of [...corpus].sort((a, b) => a.length - b.length)) {
    const hash = createHash('sha256').update(input).digest('hex');
    if (hashes.has(hash) || input.length > maxKept) continue;
    hashes.add(hash);
    counters.fill(0);
    await Promise.resolve()
      .then(() => target.run(input))
      .catch(() => undefined);
    let isNew = false;
    // Without how often: what is kept in the repository stays small.
    for (let place = 0; place < counters.length; place++) {
      if (counters[place] === 0 || seen.has(place)) continue;
      seen.add(place);
      isNew = true;
    }
    if (isNew) kept.push(input);
  }
  return kept;
}

/** A failing input made smaller while it still fails in the same way. */
export async function shrunk(target: Target, { input, error }: Found): Promise<Uint8Array> {
  const kind = String(error).slice(0, 40);
  const fails = async (candidate: Uint8Array): Promise<boolean> => {
    try {
      await target.run(candidate);
      return false;
    } catch (other) {
      return String(other).slice(0, 40) === kind;
    }
  };
  let best = input;
  for (let length = best.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at + length <= best.length; ) {
      const candidate = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + length)]);
      if (await fails(candidate)) best = candidate;
      else at += length;
    }
  }
  return best;
}
