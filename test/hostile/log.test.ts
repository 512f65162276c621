import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/common/bytes.ts';
import { newId } from '../../src/common/ids.ts';
import { decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { encodeEntryHeader, hashEntry, parseEntryHeader, signEntry } from '../../src/crypto/entry-header.ts';
import { sealGrant } from '../../src/crypto/grant.ts';
import { encodeGrants } from '../../src/crypto/grants.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import type { Lie } from './harness/liar.ts';
import {
  changeEntries,
  changeJson,
  encodeEntry,
  flipped,
  refusal,
  textOf,
  to,
  type WireEntry,
} from './harness/lies.ts';
import { type HostileCase, type Outcome, runCase } from './harness/run-case.ts';
import { makeScene, mustConverge, type Scene } from './harness/scene.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

/** The first entry that the known victims have not seen is another one. */
const nextEntry = (change: (entry: WireEntry, scene: Scene) => WireEntry, code: Outcome): HostileCase => ({
  lie: (scene) => changeEntries((entry, seq) => (seq === scene.seenSeq + 1 ? change(entry, scene) : entry)),
  known: code,
  fresh: code,
});

const auth: Outcome = { stops: 'E_AUTH' };

/** All entries of a vault, as the server has them. */
async function logOf(scene: Scene): Promise<WireEntry[]> {
  const { entries } = await world.author.session.storage.getLog(scene.vault, 0);
  return [...entries];
}

/** The log ends here, says the server, and takes nothing now: else it would have to say where it really ends. */
const endsAt =
  (seq: (scene: Scene) => number) =>
  (scene: Scene): Lie => {
    const shortened = changeJson('getLog', async (page, { path }) => {
      const after = Number(new URL(path, 'http://x').searchParams.get('after'));
      const log = await logOf(scene);
      const end = seq(scene);
      const head = { seq: end, hash: textOf(hashEntry((log[end - 1] as WireEntry).header)) };
      return { ...page, entries: log.slice(after, end).map(encodeEntry), head, isLast: true };
    });
    return (asked, truth) =>
      asked.name === 'appendLog' ? refusal(503, 'offline', 'busy', { retryAfter: 1 }) : shortened(asked, truth);
  };

/** Says that the log goes on with this entry. */
const afterThat = (entry: WireEntry, seenSeq: number): Lie =>
  changeJson('getLog', (page, { path }) => {
    const after = Number(new URL(path, 'http://x').searchParams.get('after'));
    const kept = page.entries.slice(0, Math.max(0, seenSeq - after));
    const head = { seq: seenSeq + 1, hash: textOf(hashEntry(entry.header)) };
    return { entries: [...kept, encodeEntry(entry)], head, isLast: true };
  });

/** What only a holder of the vault's key can do is kept: the ciphertext is a true one. */
function forged(entry: WireEntry, change: Partial<ReturnType<typeof parseEntryHeader>>, seed: Uint8Array): WireEntry {
  const header = encodeEntryHeader({ ...parseEntryHeader(entry.header), ...change });
  return { ...entry, header, signature: signEntry(header, signingKey(seed)) };
}

describe('S4: what is said about files is changed', () => {
  it.each<[string, HostileCase]>([
    [
      'a bit of the sealed operations',
      nextEntry((entry) => ({ ...entry, ciphertext: flipped(entry.ciphertext, -40) }), auth),
    ],
    [
      'the sealed operations, cut',
      nextEntry((entry) => ({ ...entry, ciphertext: entry.ciphertext.subarray(0, 60) }), auth),
    ],
    ['a bit of the signature', nextEntry((entry) => ({ ...entry, signature: flipped(entry.signature, 3) }), auth)],
    [
      'a signature of zeros, small order and all',
      nextEntry((entry) => ({ ...entry, signature: new Uint8Array([1, ...new Uint8Array(63)]) }), auth),
    ],
    [
      'the hash of the content that it retains',
      nextEntry((entry) => ({ ...entry, header: flipped(entry.header, -60) }), auth),
    ],
  ])('%s', (_, test) => runCase(world, test));

  it('every byte of an entry’s header, signature and seal', async () => {
    const scene = await makeScene(world);
    const victim = world.victims.fresh;
    const { length } = (await logOf(scene))[scene.seenSeq]?.header ?? [];
    const codes = new Set<string>();
    for (let at = 0; at < length; at += 37) {
      const pair = await victim.pair(scene.name);
      const end = world.liar.lie(
        changeEntries((entry, seq) =>
          seq === scene.seenSeq + 1 ? { ...entry, header: flipped(entry.header, at) } : entry,
        ),
      );
      await pair.sync();
      end();
      expect(pair.status().state, `byte ${at}`).toBe('frozen');
      expect(pair.files.tree(), `byte ${at}`).toEqual({});
      for (const { security } of await pair.issues()) codes.add(security ?? '');
    }
    expect([...codes].every((code) => ['E_AUTH', 'E_MEMBER', 'E_DOWNGRADE', 'E_FORK'].includes(code))).toBe(true);
  });
});

describe('K4: another suite', () => {
  it.each([0, 2, 255])('%d in an entry', (suite) =>
    runCase(
      world,
      nextEntry(
        (entry) => {
          const fields = decodeCbor(entry.header) as unknown[];
          return { ...entry, header: encodeCbor([fields[0], suite, ...fields.slice(2)] as never) };
        },
        { stops: 'E_DOWNGRADE' },
      ),
    ),
  );
  it('none in an entry', () =>
    runCase(
      world,
      nextEntry(
        (entry) => {
          const fields = decodeCbor(entry.header) as unknown[];
          return { ...entry, header: encodeCbor([fields[0], ...fields.slice(2)] as never) };
        },
        { stops: ['E_DOWNGRADE', 'E_AUTH'] },
      ),
    ));
});

describe('S5: entries that nobody made', () => {
  const invented = (make: (scene: Scene, log: WireEntry[]) => WireEntry, outcome: Outcome): HostileCase => ({
    lie: async (scene) => afterThat(make(scene, await logOf(scene)), scene.seenSeq),
    known: outcome,
    fresh: outcome,
  });
  const at = (log: WireEntry[], seq: number): WireEntry => log[seq - 1] as WireEntry;

  it('an earlier one again', () =>
    runCase(
      world,
      invented((scene, log) => at(log, scene.seenSeq), { stops: 'E_FORK' }),
    ));
  it('one of another vault', async () => {
    const elsewhere = await makeScene(world);
    const log = await logOf(elsewhere);
    await runCase(
      world,
      invented((scene) => at(log, scene.seenSeq + 1), auth),
    );
  });
  it('one of a true header and another one’s content', () =>
    runCase(
      world,
      invented(
        (scene, log) => ({ ...at(log, scene.seenSeq + 1), ciphertext: at(log, scene.seenSeq).ciphertext }),
        auth,
      ),
    ));
  it('one that a device of the server’s signs (S14, K12)', () =>
    runCase(
      world,
      invented(
        (scene, log) => forged(at(log, scene.seenSeq + 1), { device: newId(systemRandom) }, systemRandom.bytes(32)),
        { stops: 'E_MEMBER' },
      ),
    ));
  it('one that the server signs in a device’s name', () =>
    runCase(
      world,
      invented((scene, log) => forged(at(log, scene.seenSeq + 1), {}, systemRandom.bytes(32)), auth),
    ));
  it('one under an account’s head that does not exist', () =>
    runCase(
      world,
      invented(
        (scene, log) =>
          forged(at(log, scene.seenSeq + 1), { accountHead: systemRandom.bytes(32) }, systemRandom.bytes(32)),
        { stops: 'E_MEMBER' },
      ),
    ));
  it('one of true bytes in another place of the chain, signed by its author (a device in league with the server)', () => {
    const seed = world.author.session.device.signingSeed;
    return runCase(
      world,
      invented((scene, log) => forged(at(log, scene.seenSeq + 1), { prevHash: systemRandom.bytes(32) }, seed), {
        stops: 'E_FORK',
      }),
    );
  });
});

describe('K11: keys that the server made', () => {
  it('grants of its own for the epoch that there is: never used', () =>
    runCase(world, {
      lie: (scene) =>
        changeJson('getGrants', () => {
          const { session } = world.author;
          const place = { vault: scene.vault, epoch: 1, recipient: session.keys.account };
          const grant = sealGrant(place, session.keys.sealing.publicKey, systemRandom.bytes(32), systemRandom);
          const grants = encodeGrants({
            vault: scene.vault,
            epoch: 1,
            grants: [{ account: session.keys.account, grant }],
          });
          return { grants: textOf(grants) };
        }),
      known: 'unharmed',
      fresh: { stops: ['E_MEMBER', 'E_AUTH'] },
    }));
  it('an epoch of its own', () =>
    runCase(world, {
      lie: async (scene) => {
        const log = await logOf(scene);
        const entry = log[scene.seenSeq] as WireEntry;
        const seed = systemRandom.bytes(32);
        return afterThat(forged(entry, { epoch: 2 }, seed), scene.seenSeq);
      },
      known: { stops: 'E_AUTH' },
      fresh: { stops: 'E_AUTH' },
    }));
});

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

  it('is refused by a device that lost its index, too', async () => {
    const scene = await makeScene(world);
    const victim = world.victims.running;
    // Another pair of the same home: a new index, and the pin of the one before.
    await mustConverge(scene.known.running, 'the victim');
    await scene.known.running.host().close();
    const again = await victim.pair(scene.name);
    const end = world.liar.lie(to(['running'], await rolledBack.lie(scene)));
    await again.sync();
    end();
    expect(again.status().state).toBe('frozen');
    expect((await again.issues()).map(({ security }) => security)).toContain('E_ROLLBACK');
    expect(again.files.tree()).toEqual({});
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
});

describe('S15: wrong times', () => {
  it('of the server change nothing', () =>
    runCase(world, {
      lie: () => async (asked, truth) => {
        const answer = await truth();
        const years = asked.body.length % 2 === 0 ? 10 : -10;
        const date = new Date(Date.now() + years * 365 * 86_400_000).toUTCString();
        return { ...answer, headers: { ...answer.headers, date, age: '315360000', expires: date } };
      },
      known: 'unharmed',
      fresh: 'unharmed',
    }));
});

describe('S16: a storm of conflicts', () => {
  it('“someone else was first”, for ever: tries end, and nothing is doubled', () => {
    let mark = 0;
    return runCase(world, {
      lie: () => {
        mark = world.liar.asked.length;
        return (asked) => {
          if (asked.name !== 'appendLog') return null;
          return refusal(409, 'conflict', 'head-moved', { head: { seq: 1_000_000, hash: textOf(new Uint8Array(32)) } });
        };
      },
      known: 'waits',
      fresh: 'waits',
      also: (scene, pair, victim) => {
        const tries = world.liar.asked
          .slice(mark)
          .filter(({ who, vault, name }) => who === victim && vault === scene.vault && name === 'appendLog');
        expect(tries.length).toBeLessThan(20);
        expect(Object.keys(pair.files.tree()).filter((path) => path.includes('conflict'))).toEqual([]);
      },
    });
  });
});

describe('L6: content that the server asks for', () => {
  it('“these objects are missing”, of another’s files: nothing is sent but what is new', () => {
    return runCase(world, {
      lie: (scene) => (asked) =>
        asked.name === 'appendLog'
          ? refusal(409, 'conflict', 'objects-missing', {
              missing: textOf(Buffer.concat(scene.oldObjects.map((id) => Buffer.from(id, 'hex')))),
            })
          : null,
      known: 'old',
      fresh: 'old',
      also: (scene, _pair, victim) => {
        const sent = world.liar.uploads.filter(({ who, vault }) => who === victim && vault === scene.vault);
        expect(sent.filter(({ id }) => scene.oldObjects.includes(id))).toEqual([]);
        const own = new Set(sent.map(({ bytes }) => bytes.length));
        // Its one small file, however often.
        expect([...own]).toEqual([4112]);
      },
    });
  });
});

describe('K14: one secret, one plaintext', () => {
  it('whatever was lied about, no object’s id or secret was ever used for two things', () => {
    const sent = new Map<string, string>();
    for (const { id, bytes } of world.liar.uploads) {
      const hash = toHex(sha256(bytes));
      expect(sent.get(id) ?? hash, id).toBe(hash);
      sent.set(id, hash);
    }
    expect(new Set(sent.values()).size).toBe(sent.size);
    expect(sent.size).toBeGreaterThan(50);
  });
});
