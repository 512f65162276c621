import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { newId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { plantedName, type Tree } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { type Dice, dice } from '../../sim/random.ts';
import { type ClientPair, openCopy, type Run } from '../harness/client.ts';
import { to } from '../harness/lies.ts';
import { mustConverge, plantSentinel } from '../harness/scene.ts';
import { watchStalls } from '../harness/watch-stalls.ts';
import type { HostileWorld } from '../harness/world.ts';
import { writeState } from '../harness/write-state.ts';
import type { CampaignCase } from './campaign-case.ts';
import {
  allContents,
  check,
  expectFitToShow,
  expectNoSecretSent,
  inTime,
  type Played,
  Problem,
  playing,
} from './checks.ts';
import { contentBook } from './content-book.ts';
import { editFiles } from './edit-files.ts';
import { lyingLine } from './lying-line.ts';
import { changeOwnFolder } from './odd-disk.ts';
import { changeStore } from './wrong-store.ts';

/** Milliseconds that a run may compute without a turn of the loop, and bytes that the process may grow by. */
const longestStall = 600;
const mostGrowth = 400 * 1024 * 1024;

/** Plays it through. */
export const playCase = (world: HostileWorld, test: CampaignCase): Promise<Played> =>
  playing((story, closing) => play(world, test, story, closing));

async function play(
  world: HostileWorld,
  test: CampaignCase,
  story: string[],
  closing: (() => Promise<unknown>)[],
): Promise<Played['end']> {
  const draw = dice(test.seed, 'play');
  const book = contentBook();
  const name = `${plantedName} ${newId(systemRandom)}`;
  const author = await world.author.pair(name);
  const edited = async (count: number): Promise<void> => {
    editFiles(draw, book, author.files, 'author', count);
    await mustConverge(author, 'the author');
  };
  await edited(3 + draw.below(8));
  if (draw.chance(0.4)) await writeState(world.author.session, author.vault);

  const victim = await openCopy(world.victims[test.victim]);
  closing.push(() => victim.close());
  const pair = await victim.pair(name);
  if (test.victim !== 'fresh') {
    await mustConverge(pair, 'the victim, before any lie');
    if (draw.chance(0.5)) await edited(2);
  }
  let astray: string | null = null;
  if (test.server !== 'true') {
    const data = await tempFolder('snapshot');
    // As long as nobody writes, a copy of a running server's data is whole.
    cpSync(world.dataDir, data, { recursive: true, filter: (path) => path !== join(world.dataDir, 'lock') });
    if (test.server === 'changed') {
      await edited(1 + draw.below(3));
      story.push(...changeStore(draw, data));
    }
    const other = await startServer({
      dataDir: data,
      listen: { host: '127.0.0.1', port: 0 },
      clock: systemClock,
      origins: [victim.session.storage.origin],
    }).catch((error: unknown) => {
      check(error instanceof HoldfastError && error.kind !== 'bug', 'the server with a changed store', String(error));
      story.push(`the changed server does not start: ${error.message}`);
      return null;
    });
    if (other !== null) closing.push(() => other.close());
    astray = other?.url ?? null;
  }
  await edited(2 + draw.below(6));
  if (test.victim === 'restarted') await victim.restart();

  const sentinel = await plantSentinel();
  const outside = sentinel.state();
  const beside = readdirSync(join(pair.files.root, '..')).sort();
  const line = lyingLine(test, astray);
  const mark = world.liar.asked.length;
  const end = world.liar.lie(to([test.victim], line.lie));
  const rss = process.memoryUsage.rss();
  let isDiskChanged = false;
  /** By the person at the victim, knowingly. */
  const replaced = new Set<string>();
  try {
    for (let n = 0; n < test.runs; n++) {
      const before = Object.values(pair.files.tree());
      editFiles(draw, book, pair.files, 'victim', draw.below(4));
      const after = new Set(Object.values(pair.files.tree()));
      for (const content of before) if (!after.has(content)) replaced.add(content);
      if (test.isDiskOdd) {
        const what = changeOwnFolder(draw, pair.files.root, sentinel.folder);
        isDiskChanged ||= what !== 'nothing there yet';
        story.push(`below .holdfast: ${what}`);
      }
      await oneRun(pair, `run ${n}`);
      if (draw.chance(0.3)) await askAround(draw, pair);
      if (draw.chance(0.3)) await victim.restart();
      if (draw.chance(0.3)) await edited(1);
    }
  } finally {
    story.push(...line.told);
    end();
  }
  check(process.memoryUsage.rss() - rss < mostGrowth, 'the process grew by', process.memoryUsage.rss() - rss);

  const result = await aftermath();
  check(JSON.stringify(sentinel.state()) === JSON.stringify(outside), 'the tree outside was touched', sentinel.state());
  check(String(readdirSync(join(pair.files.root, '..')).sort()) === String(beside), 'something is beside the folder');
  expectNoSecretSent(world, mark);
  world.liar.forget();
  return result;

  async function oneRun(of: ClientPair, what: string): Promise<Run> {
    const had = allContents(of);
    const stalls = watchStalls();
    const run = await inTime(of.sync(), what);
    const { busy } = stalls.end();
    check(busy < longestStall, `${what}: milliseconds without a turn of the loop`, busy);
    const { error } = run;
    const isExpected = error === null || (error instanceof HoldfastError && error.kind !== 'bug');
    check(isExpected, `${what} fails`, String((error as Error)?.stack ?? error));
    await expectKept(of, had, what);
    await expectPlain(of, error as HoldfastError | null, what);
    return run;
  }

  /** Nothing is lost, and nothing is there that nobody honest wrote. */
  async function expectKept(of: ClientPair, had: readonly string[], what: string): Promise<void> {
    const there = new Set(allContents(of));
    const lost = had.filter((content) => !there.has(content));
    check(lost.length === 0, `${what}: lost`, lost, of.files.tree());
    const strangers = book.strangersIn(of.files.tree());
    check(strangers.length === 0, `${what}: nobody wrote`, strangers, of.files.tree());
  }

  /** What is shown is for people, and tells of nothing that only a server said. */
  async function expectPlain(of: ClientPair, error: HoldfastError | null, what: string): Promise<void> {
    const status = of.status();
    const issues = error === null ? await of.issues() : [];
    const texts = [status.message, error?.message ?? '', error?.hint ?? '', ...issues.map(({ message }) => message)];
    expectFitToShow(
      texts.map((text) => text.replaceAll(of.files.root, 'the folder')),
      what,
    );
    if (status.state === 'frozen') {
      check(line.hasForged() || isDiskChanged, `${what}: frozen, though nothing was forged`, issues, line.told);
      check(
        issues.some(({ security }) => security !== null) || error !== null,
        `${what}: frozen, nothing says why`,
        issues,
      );
    }
    if (error === null && status.state === 'up-to-date' && !line.hasForged() && !isDiskChanged) {
      const [is, should] = [pair.files.tree(), author.files.tree()];
      if (of === pair) check(containsAll(is, should, replaced), `${what}: called up to date`, is, should, line.told);
    }
  }

  /** With the truth told again. */
  async function aftermath(): Promise<Played['end']> {
    let run = await oneRun(pair, 'told the truth');
    for (let tries = 0; tries < 5 && run.result?.isConverged !== true && pair.status().state !== 'frozen'; tries++) {
      if (run.error === null) {
        for (const issue of await pair.issues()) {
          const choice = issue.choices.find((each) => each === 'retry' || each === 'delete' || each === 'again');
          if (choice !== undefined) await (await pair.host().open()).resolve(issue.id, choice);
        }
      }
      run = await oneRun(pair, 'told the truth, again');
    }
    const isStopped = pair.status().state === 'frozen';
    const isAccountStopped = run.error instanceof HoldfastError && run.error.kind === 'security';
    if (isStopped || isAccountStopped) {
      check(line.hasForged(), 'stopped for good, though nothing was forged', String(run.error), line.told);
      const before = pair.files.tree();
      await oneRun(pair, 'stopped');
      check(JSON.stringify(before) === JSON.stringify(pair.files.tree()), 'stopped, it changes files');
    } else {
      check(
        run.result?.isConverged === true || isDiskChanged,
        'told the truth, it does not get there',
        { result: run.result, error: String(run.error), status: pair.status() },
        run.error === null ? await pair.issues() : [],
        line.told,
      );
    }
    const hadAuthor = allContents(author);
    const other = await inTime(author.sync(), 'the author, afterwards');
    await expectKept(author, hadAuthor, 'the author, afterwards');
    check(
      other.result?.isConverged === true,
      'the author does not converge',
      String(other.error),
      await author.issues(),
    );
    if (isStopped || isAccountStopped) return isStopped ? 'frozen' : 'account frozen';
    await oneRun(pair, 'at last');
    const [is, should] = [pair.files.tree(), author.files.tree()];
    check(isDiskChanged || JSON.stringify(is) === JSON.stringify(should), 'not the same at last', is, should);
    return 'converged';
  }
}

const containsAll = (tree: Tree, part: Tree, without: ReadonlySet<string>): boolean =>
  Object.values(part).every((content) => without.has(content) || Object.values(tree).includes(content));

/** Commands that a person may give at any time: each may fail in words. */
async function askAround(draw: Dice, pair: ClientPair): Promise<void> {
  try {
    const open = await pair.host().open();
    const [path = 'x'] = Object.keys(pair.files.tree());
    const asks: (() => Promise<unknown>)[] = [
      () => open.verify({ isDeep: draw.chance(0.7) }),
      () => open.plan({ verbose: true }),
      () => open.list('', { isRecursive: true, withDeleted: true }),
      () => open.trash(),
      () => open.versions(path),
      () => open.why(path),
      () => open.activity({ limit: 100, before: null }),
      async () => open.compareCode(),
    ];
    await inTime(draw.pick(asks)(), 'a command');
  } catch (error) {
    if (error instanceof Problem) throw error;
    check(error instanceof HoldfastError && error.kind !== 'bug', 'a command fails', String((error as Error)?.stack));
  }
}
