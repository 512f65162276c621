import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { plantedName, type Tree } from '../../helpers/scenario-files.ts';
import { vaultAuthor } from '../../integration/rescue/vault-author.ts';
import { dice } from '../../sim/random.ts';
import { type ClientPair, openCopy } from '../harness/client.ts';
import { openLog } from '../harness/open-log.ts';
import { mustConverge, plantSentinel } from '../harness/scene.ts';
import { type HostileWorld, victims } from '../harness/world.ts';
import { allContents, check, expectFitToShow, inTime, type Played, playing } from './checks.ts';
import { oddEntry } from './odd-operations.ts';

/** A device of the account writes what makes no sense, and all others go on. */
export const playMember = (world: HostileWorld, seed: number): Promise<Played> =>
  playing(async (story, closing) => {
    const draw = dice(seed, 'member');
    const name = `${plantedName} ${newId(systemRandom)}`;
    const honest = await world.author.pair(name);
    for (let n = 0; n < 6; n++)
      honest.files.write(`${draw.pick(['', 'dir/', 'dir/deep/'])}honest ${n}.txt`, `honest ${n}`);
    await mustConverge(honest, 'the author');

    const pairs: ClientPair[] = [honest];
    for (const who of victims) {
      const copy = await openCopy(world.victims[who]);
      closing.push(() => copy.close());
      const pair = await copy.pair(name);
      pairs.push(pair);
      if (who !== 'fresh') await mustConverge(pair, who);
    }
    const sentinel = await plantSentinel();
    const outside = sentinel.state();
    const folders = pairs.map(({ files }) => join(files.root, '..'));
    const beside = folders.map((folder) => String(readdirSync(folder).sort()));

    const odd = await vaultAuthor(world.author.session, honest.vault);
    const hasRules = draw.chance(0.2);
    const nodes = [...(await openLog(world.author.session, honest.vault)).tree.nodes.keys()];
    for (let count = 2 + draw.below(8); count > 0; count--) {
      const { operations, objects } = oddEntry(draw, odd, nodes, hasRules);
      try {
        await odd.append(operations, objects);
        story.push(
          operations
            .map((each) => `${each.type} ${'name' in each ? JSON.stringify(each.name.slice(0, 30)) : ''}`)
            .join(', '),
        );
      } catch (error) {
        story.push(`not written: ${String(error)}`);
      }
      if (draw.chance(0.5)) await look(draw.pick(pairs), 'meanwhile');
    }
    for (const [at, pair] of pairs.entries()) pair.files.write(`own of ${at}.txt`, `of ${at}`);
    for (let round = 0; round < 3; round++)
      for (const [at, pair] of pairs.entries()) await look(pair, `device ${at}, round ${round}`);

    const trees = pairs.map(({ files }) => files.tree());
    const areSettled = pairs.every((pair) => pair.status().state === 'up-to-date');
    for (const [at, tree] of trees.entries()) {
      // What rules leave out stays where it was, and is nowhere else.
      if (areSettled && !hasRules)
        check(
          isSame(tree, trees[0] as Tree),
          `device ${at} differs`,
          tree,
          trees[0],
          (await pairs[at]?.issues())?.map(({ message }) => message),
        );
    }
    check(JSON.stringify(sentinel.state()) === JSON.stringify(outside), 'the tree outside was touched');
    for (const [at, folder] of folders.entries())
      check(String(readdirSync(folder).sort()) === beside[at], 'something is beside the folder', readdirSync(folder));
    world.liar.forget();
    return 'converged';

    async function look(pair: ClientPair, what: string): Promise<void> {
      const had = allContents(pair);
      const { error } = await inTime(pair.sync(), what);
      check(error === null, `${what} fails`, String((error as Error | null)?.stack));
      const issues = await pair.issues();
      check(pair.status().state !== 'frozen', `${what}: frozen`, issues);
      const there = new Set(allContents(pair));
      const lost = had.filter((content) => !there.has(content));
      check(lost.length === 0, `${what}: lost`, lost);
      expectFitToShow([pair.status().message, ...issues.map(({ message }) => message)], what, true);
    }
  });

const isSame = (a: Tree, b: Tree): boolean => JSON.stringify(a) === JSON.stringify(b);
