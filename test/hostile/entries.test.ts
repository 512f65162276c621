import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/common/bytes.ts';
import { newId } from '../../src/common/ids.ts';
import { decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { sealGrant } from '../../src/crypto/grant.ts';
import { encodeGrants } from '../../src/crypto/grants.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { afterThat, auth, forged, logOf, nextEntry } from './harness/entry-lies.ts';
import { changeEntries, changeJson, flipped, textOf, type WireEntry } from './harness/lies.ts';
import { type HostileCase, type Outcome, runCase } from './harness/run-case.ts';
import { makeScene, type Scene } from './harness/scene.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

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
      'a signature of zeros, small order and all (K15)',
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
