import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceText } from '../../src/cli/silence-text.ts';
import type { ClientPair } from './harness/client.ts';
import { endsAt } from './harness/entry-lies.ts';
import type { Lie } from './harness/liar.ts';
import { about, changeJson, refusal, textOf, to } from './harness/lies.ts';
import { expectNoSecrets, type HostileCase, runCase } from './harness/run-case.ts';
import { makeScene, mustConverge, type Scene } from './harness/scene.ts';
import { type HostileWorld, hostileWorld, type Victim, victims } from './harness/world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

describe('S7: deletion by omission', () => {
  it('“the vault is empty”', () =>
    runCase(world, {
      lie: () =>
        changeJson('getLog', () => ({ entries: [], head: { seq: 0, hash: textOf(new Uint8Array(32)) }, isLast: true })),
      known: { stops: 'E_ROLLBACK' },
      fresh: 'waits',
    }));
  it('“there is no such vault” (S11): nothing is made anew, sent or taken away', () => {
    let mark = 0;
    return runCase(world, {
      lie: () => {
        mark = world.liar.asked.length;
        return () => refusal(404, 'missing', 'vault');
      },
      known: 'waits',
      fresh: 'waits',
      also: (scene, _, victim) => {
        const sent = world.liar.asked
          .slice(mark)
          .filter(({ who, vault, method }) => who === victim && vault === scene.vault && method !== 'GET');
        expect(sent.map(({ name }) => name)).toEqual([]);
      },
    });
  });
});

describe('S8: an earlier state', () => {
  const rolledBack: HostileCase = {
    lie: endsAt((scene) => scene.seenSeq - 1),
    known: { stops: 'E_ROLLBACK' },
    fresh: 'old',
  };
  it('is refused by who has seen more; who has seen nothing cannot know', () => runCase(world, rolledBack));

  const withheld = (scene: Scene): Lie =>
    changeJson('getLog', (page, { path }) => {
      const after = Number(new URL(path, 'http://x').searchParams.get('after'));
      return { ...page, entries: page.entries.slice(0, Math.max(0, scene.seenSeq - 1 - after)), isLast: true };
    });
  it.each([
    ['ends there', rolledBack.lie],
    ['goes on, without giving it', withheld],
  ])('is refused by a device that lost its index, too, if the log %s', async (_, lie) => {
    const scene = await makeScene(world);
    const victim = world.victims.running;
    // Another pair of the same home: a new index, and the pin of the one before.
    await mustConverge(scene.known.running, 'the victim');
    await scene.known.running.host().close();
    const again = await victim.pair(scene.name);
    const end = world.liar.lie(to(['running'], about(scene.vault, await lie(scene))));
    await again.sync();
    end();
    expect(again.status().state).toBe('frozen');
    expect((await again.issues()).map(({ security }) => security)).toContain('E_ROLLBACK');
    expect(again.files.tree()).toEqual({});
  });
});

describe('S8: an earlier state, where the folder is gone as well', () => {
  it('is told, although it is the folder that ends each look', async () => {
    const scene = await makeScene(world);
    const pair = scene.known.running;
    await mustConverge(pair, 'the victim');
    const end = world.liar.lie(about(scene.vault, to(['running'], endsAt(() => 1)(scene))));
    writeFileSync(pair.files.at('.holdfast/marker'), 'not the mark of this pair');
    // A command asks the server, and looks at no folder.
    await (await pair.host().open()).verify({ isDeep: false }).catch(() => undefined);
    await pair.sync();
    end();
    expect(pair.status().state).toBe('frozen');
    expect((await pair.issues()).map(({ kind, security }) => `${kind} ${security}`).sort()).toEqual([
      'root null',
      'security E_ROLLBACK',
    ]);
  });
});

describe('S8: an earlier state, which a command is told while nothing is looked at', () => {
  it('is said as an issue', async () => {
    const scene = await makeScene(world);
    const pair = scene.known.running;
    await mustConverge(pair, 'the victim');
    const opened = await pair.host().open();
    opened.pause();
    const end = world.liar.lie(about(scene.vault, to(['running'], endsAt(() => 1)(scene))));
    await expect(opened.verify({ isDeep: false })).rejects.toMatchObject({ security: 'E_ROLLBACK' });
    end();
    expect(pair.status().state).toBe('frozen');
    expect((await pair.issues()).map(({ kind, security }) => `${kind} ${security}`)).toEqual(['security E_ROLLBACK']);
  });
});

describe('S8, S11: a vault that was not there for a while', () => {
  it('goes on where it was; one that comes back with less than was seen is refused', async () => {
    const scene = await makeScene(world);
    const victim = scene.known.running;
    await mustConverge(victim, 'the victim');
    const before = victim.files.tree();
    const hide = () =>
      world.liar.lie(
        about(
          scene.vault,
          to(['running'], () => refusal(404, 'missing', 'vault')),
        ),
      );
    let end = hide();
    victim.files.write('meanwhile.txt', 'written while it was not there');
    await victim.sync();
    end();
    expect(victim.status().state).toBe('needs-attention');
    expect((await victim.issues()).map(({ kind }) => kind)).toEqual(['vault-gone']);
    expect(victim.files.tree()).toMatchObject(before);
    await mustConverge(victim, 'the victim');
    expect(await victim.issues()).toEqual([]);

    end = hide();
    await victim.sync();
    end();
    end = world.liar.lie(to(['running'], endsAt((seen) => seen.seenSeq)(scene)));
    await victim.sync();
    end();
    expect(victim.status().state).toBe('frozen');
    expect(await victim.issues()).toMatchObject([
      { security: 'E_ROLLBACK', message: expect.stringMatching(/older state.* Ask whoever runs the server/) },
    ]);
    expect(victim.files.read('meanwhile.txt')).toBe('written while it was not there');
  });
});

describe('S9, [KEY-09]: two histories', () => {
  it('are never joined again: who was shown one stops at the other, and the codes differ', async () => {
    const scene = await makeScene(world);
    const victim = scene.known.running;
    await mustConverge(victim, 'the victim');
    const fork = await world.snapshot();
    // The author goes on; the victim goes on elsewhere.
    scene.author.files.write('of the author.txt', 'one history');
    await mustConverge(scene.author, 'the author');
    const end = world.liar.lie((asked, truth) =>
      asked.who === 'running' && asked.vault === scene.vault ? truth(fork) : null,
    );
    victim.files.write('of the victim.txt', 'another history');
    await mustConverge(victim, 'the victim, on the fork');
    expect(victim.files.has('of the author.txt')).toBe(false);
    expect(victim.status().seq).toBe(scene.author.status().seq);
    end();
    await victim.sync();
    expect(victim.status().state).toBe('frozen');
    expect((await victim.issues()).map(({ security }) => security)).toContain('E_FORK');
    expect(victim.files.read('of the victim.txt')).toBe('another history');
    // And the author, shown the victim's.
    const turned = world.liar.lie((asked, truth) =>
      asked.who === 'author' && asked.vault === scene.vault ? truth(fork) : null,
    );
    await scene.author.sync();
    turned();
    expect(scene.author.status().state).toBe('frozen');
    expect(scene.author.files.read('of the author.txt')).toBe('one history');
  });
});

describe('S10: news that are withheld', () => {
  const withheld: HostileCase = {
    lie: endsAt((scene) => scene.seenSeq),
    known: 'old',
    fresh: 'old',
    also: async (scene, pair) => {
      // When the last change that it knows of was made, and by whom, is there to be seen.
      const activity = await (await pair.host().open()).activity({ limit: 1, before: null });
      expect(activity[0]?.seq).toBe(scene.seenSeq);
      expect(activity[0]?.deviceName).not.toBe('');
    },
  };
  it('are waited for; the last change that is known can be seen', () => runCase(world, withheld));

  const day = 24 * 60 * 60_000;
  const letPass = (ms: number): void => {
    for (const client of world.clients) client.pass(ms);
  };

  it('are missed: a device that was not heard of for days is named, until it is heard of again', async () => {
    const scene = await makeScene(world);
    const pairs: [Victim, ClientPair][] = Object.entries(scene.known) as [Victim, ClientPair][];
    pairs.push(['fresh', await world.victims.fresh.pair(scene.name)]);
    const author = world.author.session.device.device;
    const heardBy = (pair: ClientPair) => pair.status().heard.find(({ device }) => device === author);
    // What a device that has nothing to say signs once a day; the victims get none of it, and nothing that they write gets out.
    const end = world.liar.lie(about(scene.vault, to(victims, endsAt(() => scene.seenSeq)(scene))));
    const silentFor: boolean[] = [];
    for (let days = 0; days < 4; days++) {
      if (days > 0) letPass(day + 60_000);
      const { seq } = scene.author.status();
      await mustConverge(scene.author, 'the author');
      expect(scene.author.status().seq).toBe(days === 0 ? seq : seq + 1);
      for (const [victim, pair] of pairs) {
        // From the second day on it has something to say, which the server does not take: it says that it is offline.
        if (days === 0) await mustConverge(pair, victim);
        else await pair.sync();
        expect(pair.status().seq, victim).toBe(scene.seenSeq);
        expect(heardBy(pair)?.deviceName, victim).toContain('author');
        silentFor[days] = heardBy(pair)?.isOverdue ?? false;
        expect(silentFor[days], `${victim} after ${days} days`).toBe(days >= 3);
        expect(pair.files.tree(), victim).toEqual(scene.before);
      }
    }
    const [, told] = pairs[0] as [Victim, ClientPair];
    expect(silenceText([told.status()]).join()).toMatch(/Nothing has been heard from “.*author” in “.*” since/);
    end();
    for (const [victim, pair] of pairs) {
      await mustConverge(pair, `${victim}, told the truth`);
      expect(heardBy(pair)?.isOverdue, victim).toBe(false);
      expect(pair.files.tree(), victim).toEqual(scene.truth);
    }
    // They had not written for days either; now the author hears of each.
    await mustConverge(scene.author, 'the author, afterwards');
    expect(scene.author.status().heard.map(({ isOverdue }) => isOverdue)).toEqual([false, false, false]);
    expectNoSecrets(world);
  });

  it('are not missed by who is offline: that says nothing of the others', async () => {
    const scene = await makeScene(world);
    const { running } = scene.known;
    const end = world.liar.lie(
      about(
        scene.vault,
        to(['running'], () => refusal(503, 'offline', 'busy', { retryAfter: 1 })),
      ),
    );
    letPass(9 * day);
    await running.sync();
    end();
    expect(running.status().state).toBe('offline');
    expect(running.status().heard.map(({ isOverdue }) => isOverdue)).not.toContain(true);
  });
});
