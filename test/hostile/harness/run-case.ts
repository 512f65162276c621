import { expect } from 'vitest';
import type { SecurityCode } from '../../../src/common/errors.ts';
import type { Issue } from '../../../src/model/status.ts';
import { trashedContents } from '../../helpers/scenario-files.ts';
import type { ClientPair, Run } from './client.ts';
import type { Lie } from './liar.ts';
import { about, to } from './lies.ts';
import { type History, makeScene, mustConverge, plantSentinel, type Scene, writeOwn } from './scene.ts';
import { secretsSent } from './secrets-sent.ts';
import { watchStalls } from './watch-stalls.ts';
import { type HostileWorld, type Victim, victims } from './world.ts';

/**
 * What a victim does about a lie.
 * - `stops`: the vault is frozen with this class, by nothing lifted but a person. `files`: these alone are refused with it,
 *   keep what they had, and come once the truth is told.
 * - `waits`: nothing is believed, nothing frozen; with the truth it goes on. `unharmed`: it has the truth in spite of the lie.
 * - `old`: it shows an older, authentic state, which a device that has seen nothing cannot tell from the newest.
 */
export type Outcome =
  | { readonly stops: SecurityCode | readonly SecurityCode[] }
  | { readonly files: readonly string[]; readonly code: SecurityCode | null }
  | 'waits'
  | 'unharmed'
  | 'old';

export interface HostileCase {
  readonly history?: History;
  /** Between the parts of the history. */
  readonly between?: (scene: Scene) => Promise<void>;
  /** What the server says to the victims about this vault from now on. */
  readonly lie: (scene: Scene) => Lie | Promise<Lie>;
  /** Other lies to the same effect, told one after the other to who asks again. For lies that freeze nothing. */
  readonly variants?: (scene: Scene) => Readonly<Record<string, Lie>>;
  readonly known: Outcome;
  readonly fresh: Outcome;
  /** Where the known victims differ. */
  readonly restarted?: Outcome;
  /** More that has to hold after each victim ran under the lie. */
  readonly also?: (scene: Scene, pair: ClientPair, victim: Victim, run: Run) => Promise<void> | void;
  /** Why another answer is known to be asked for: the default is that follow-up traffic never depends on the lie. */
  readonly followsUp?: readonly string[];
}

/** Milliseconds that a lie may hold up the event loop (security.md, O6): of computing; by the clock a loaded machine is late itself. */
const longestStall = { busy: 200, late: 2000 };
/** Bytes that a lie may make this process grow by, server and harness included. */
const mostGrowth = 300 * 1024 * 1024;

/** How much larger the process becomes at most until `end` is called. */
function watchMemory(): { end(): number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 20);
  return {
    end: () => {
      clearInterval(timer);
      look();
      return most - before;
    },
  };
}

/** Runs the case against each kind of victim, with all oracles. */
export async function runCase(world: HostileWorld, test: HostileCase): Promise<void> {
  const scene = await makeScene(world, test.history, test.between);
  const sentinel = await plantSentinel();
  const outside = sentinel.state();
  const memory = watchMemory();
  for (const victim of victims) {
    const outcome = victim === 'fresh' ? test.fresh : ((victim === 'restarted' ? test.restarted : null) ?? test.known);
    await runVictim(scene, test, victim, outcome);
  }
  expect(sentinel.state(), 'the tree outside').toEqual(outside);
  expect(memory.end(), 'bytes that the process grew by').toBeLessThan(mostGrowth);
  expectNoSecrets(world);
}

async function runVictim(scene: Scene, test: HostileCase, victim: Victim, outcome: Outcome): Promise<void> {
  const { world } = scene;
  const client = world.victims[victim];
  if (victim === 'restarted') await client.restart();
  const pair = victim === 'fresh' ? await client.pair(scene.name) : scene.known[victim];
  const own = writeOwn(pair.files, victim);
  const had = pair.files.tree();
  const lieTo = (lie: Lie) => world.liar.lie(about(scene.vault, to([victim], lie)));
  let end = lieTo(await test.lie(scene));
  let run: Run;
  try {
    run = await syncInTurns(pair, victim);
    await expectOutcome(scene, pair, victim, run, outcome);
    for (const [name, lie] of Object.entries(test.variants?.(scene) ?? {})) {
      end();
      end = lieTo(lie);
      await retryAll(pair);
      run = await syncInTurns(pair, `${victim}, ${name}`);
      await expectOutcome(scene, pair, `${victim}, ${name}`, run, outcome);
    }
    expectNothingLost(scene, pair, had, own, victim);
    await test.also?.(scene, pair, victim, run);
    await expectSameFollowUp(scene, pair, victim, outcome, test.followsUp);
    await expectOthersGoOn(scene, victim);
  } finally {
    end();
  }
  await expectAftermath(scene, pair, victim, outcome);
  expectNothingLost(scene, pair, had, own, victim);
}

/** Under a lie, the loop has to turn: who waits for something else is served. */
async function syncInTurns(pair: ClientPair, who: string): Promise<Run> {
  const stalls = watchStalls();
  const run = await pair.sync();
  const { busy, late } = stalls.end();
  expect(busy, `${who}: milliseconds of computing without a turn of the loop`).toBeLessThan(longestStall.busy);
  expect(late, `${who}: milliseconds until the loop turned`).toBeLessThan(longestStall.late);
  return run;
}

const told = (run: Run): string => `${JSON.stringify(run.result)} ${String(run.error)}`;

async function expectOutcome(scene: Scene, pair: ClientPair, who: string, run: Run, outcome: Outcome): Promise<void> {
  const status = pair.status();
  const issues = await pair.issues();
  const security = issues.filter((issue) => issue.security !== null);
  const what = `${who}: ${status.state}: ${status.message} ${told(run)} ${JSON.stringify(issues)}`;
  if (outcome === 'unharmed') {
    expect(run.error, what).toBeNull();
    expect(status.state, what).toBe('up-to-date');
    expectTruth(scene, pair, what);
  } else if (outcome === 'old') {
    expect(status.state, what).not.toBe('frozen');
    expect(security, what).toEqual([]);
  } else if (outcome === 'waits') {
    expect(status.state, what).not.toBe('frozen');
    expect(status.state, what).not.toBe('up-to-date');
  } else if ('stops' in outcome) {
    expect(status.state, what).toBe('frozen');
    expect(
      security.map((issue) => issue.security),
      what,
    ).toContain(
      [outcome.stops].flat().find((code) => security.some((issue) => issue.security === code)) ?? outcome.stops,
    );
    for (const issue of security) expectPlain(issue);
  } else {
    expect(status.state, what).not.toBe('frozen');
    for (const path of outcome.files) {
      const about = issues.filter((issue) => issue.path === path);
      expect(
        about.map((issue) => issue.security),
        what,
      ).toEqual([outcome.code]);
      expect([scene.before[path], undefined], what).toContain(pair.files.tree()[path]);
    }
    expect(issues.filter((issue) => !issue.isInformational).length, what).toBe(outcome.files.length);
    for (const [path, content] of Object.entries(scene.truth)) {
      if (!outcome.files.includes(path)) expect(pair.files.tree()[path], `${what} ${path}`).toBe(content);
    }
  }
}

/** A stop is told in words, and without a secret. */
function expectPlain(issue: Issue): void {
  expect(issue.message.length).toBeGreaterThan(20);
  expect(issue.message).not.toMatch(/[0-9a-f]{32}/);
}

function expectTruth(scene: Scene, pair: ClientPair, what: string): void {
  const tree = pair.files.tree();
  for (const [path, content] of Object.entries(scene.truth)) expect(tree[path], `${what} ${path}`).toBe(content);
}

/** Each file is as it was, or as the author truly made it; what is not there the author truly took away, and it is in the trash. */
function expectNothingLost(
  scene: Scene,
  pair: ClientPair,
  had: Readonly<Record<string, string>>,
  own: string,
  victim: Victim,
): void {
  const tree = pair.files.tree();
  const trash = trashedContents(pair.files.root);
  expect(tree[own], `${victim}: its own file`).toBe(`mine, says ${victim}`);
  for (const [path, content] of Object.entries(tree)) {
    if (path.startsWith('own of ')) continue;
    expect([scene.before[path], scene.truth[path], had[path]], `${victim}: ${path}`).toContain(content);
  }
  const there = new Set([...Object.values(tree), ...trash]);
  for (const [path, content] of Object.entries(had)) {
    if (!path.endsWith('/')) expect(there.has(content), `${victim}: the content of ${path} is still there`).toBe(true);
  }
}

const followUps = new Map<string, { readonly requests: string; readonly of: string }>();

/** What is asked for after a failure never depends on what failed: else the answers would be an oracle. */
async function expectSameFollowUp(
  scene: Scene,
  pair: ClientPair,
  victim: Victim,
  outcome: Outcome,
  expected?: readonly string[],
): Promise<void> {
  if (typeof outcome === 'string') return;
  const { liar } = scene.world;
  const mark = liar.asked.length;
  await pair.sync();
  const asked = liar.asked
    .slice(mark)
    .filter(({ who, vault }) => who === victim && (vault ?? scene.vault) === scene.vault);
  const requests = asked.map(({ name }) => name ?? '');
  const kind = 'stops' in outcome ? 'stops' : 'files';
  const rule = expected ?? (kind === 'stops' ? ['getChain'] : ['getChain', 'getLog']);
  expect(requests, `${victim}: requests after the failure`).toEqual(rule);
  const sizes = asked
    .map(({ name, body, headers }) => `${name} ${body.length} ${Object.keys(headers).join()}`)
    .join('; ');
  const key = `${kind} ${requests.join()}`;
  const known = followUps.get(key);
  if (known === undefined) followUps.set(key, { requests: sizes, of: victim });
  else expect(sizes, `as after other failures`).toBe(known.requests);
}

async function expectOthersGoOn(scene: Scene, victim: Victim): Promise<void> {
  const { other } = scene.world;
  const path = `${victim} of ${scene.vault.slice(0, 6)}.txt`;
  other.author.files.write(path, path);
  await mustConverge(other.author, 'the author, in another vault');
  await mustConverge(other.victims[victim], `${victim}, in another vault`);
  expect(other.victims[victim].files.read(path)).toBe(path);
}

async function retryAll(pair: ClientPair): Promise<void> {
  for (const issue of await pair.issues()) {
    if (issue.choices.includes('retry')) await (await pair.host().open()).resolve(issue.id, 'retry');
  }
}

/** With the truth told again: who stopped stays so, and asks for nothing; the others get there. */
async function expectAftermath(scene: Scene, pair: ClientPair, victim: Victim, outcome: Outcome): Promise<void> {
  if (typeof outcome === 'object' && 'stops' in outcome) {
    const before = pair.files.tree();
    const mark = scene.world.liar.asked.length;
    await pair.sync();
    expect(pair.status().state, `${victim}: told the truth again`).toBe('frozen');
    expect(pair.files.tree()).toEqual(before);
    expect(scene.world.liar.asked.slice(mark).filter(({ vault }) => vault === scene.vault)).toEqual([]);
    return;
  }
  await retryAll(pair);
  await mustConverge(pair, `${victim}, told the truth again`);
  expectTruth(scene, pair, victim);
  await mustConverge(scene.author, 'the author, afterwards');
}

/** Nothing that left any device shows anything of the person, in any form. */
export function expectNoSecrets(world: HostileWorld): void {
  for (const request of world.liar.asked) expect(secretsSent(world, request), request.path).toEqual([]);
  world.liar.forget();
}
