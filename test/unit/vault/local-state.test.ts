import { describe, expect, it } from 'vitest';
import { HoldfastError, securityCodes, securityError, uselessReply } from '../../../src/common/errors.ts';
import { type NodeId, newId, type RevisionId } from '../../../src/common/ids.ts';
import { assertNotFrozen, freezePosition, freezeScope } from '../../../src/vault/freeze.ts';
import { indexSeal } from '../../../src/vault/index-seal.ts';
import { dedupKey, indexKey } from '../../../src/vault/key-ring.ts';
import { parsePosition } from '../../../src/vault/position.ts';
import { openEntry } from '../../../src/vault/replay.ts';
import { sealEntry } from '../../../src/vault/seal-entry.ts';
import { withAdvice } from '../../../src/vault/security-advice.ts';
import { forgeEntry } from '../../fakes/forge-entry.ts';
import { authorOf, draftOf, nowUs, testManifest, testRef, testVault } from '../../fakes/vault-world.ts';
import { expectStop } from '../../helpers/security.ts';

describe('[F-FREEZE-1] a freeze', () => {
  const world = testVault('freeze');
  const { position, keyRing } = world.replica;
  const raw = forgeEntry(world, world.replica);
  const error = securityError('E_FORK', 'Two histories.');
  const frozen = parsePosition(JSON.parse(JSON.stringify(freezePosition(position, error, nowUs, raw.header))));

  it('survives a restart, with class, entry and device', () => {
    expect(frozen.frozen).toEqual({
      code: 'E_FORK',
      message: 'Two histories.',
      seq: 2,
      device: authorOf(world.account).device,
      atUs: nowUs,
    });
  });

  it('lets nothing in and nothing out', () => {
    const stops = [
      expectStop(() => openEntry(frozen, keyRing, world.account.chain, raw), 'E_FORK'),
      expectStop(() => sealEntry(frozen, keyRing, authorOf(world.account), draftOf([]), nowUs, world.random), 'E_FORK'),
      expectStop(() => assertNotFrozen(frozen), 'E_FORK'),
    ];
    for (const stop of stops) expect(stop.reason).toBe('frozen');
  });

  it('keeps its first cause, and unreadable headers name nobody', () => {
    const later = freezePosition(frozen, securityError('E_AUTH', 'Later.'), nowUs + 1);
    expect(later.frozen).toEqual(frozen.frozen);
    const unknown = freezePosition(position, error, nowUs, new Uint8Array(5));
    expect(unknown.frozen).toMatchObject({ seq: null, device: null });
  });

  it('comes of security stops alone, and of a bad name only for the item', () => {
    for (const code of securityCodes)
      expect(freezeScope(securityError(code, '.'))).toBe(code === 'E_PATH' ? 'item' : 'whole');
    for (const kind of ['offline', 'missing', 'version', 'io', 'bug'] as const) {
      expect(freezeScope(new HoldfastError(kind, '.'))).toBe('nothing');
      expect(freezePosition(position, new HoldfastError(kind, '.'), nowUs).frozen).toBeNull();
    }
    expect(freezeScope(new Error('?'))).toBe('nothing');
    expect(freezeScope(uselessReply('E_AUTH', 'No answer.')), 'F-FREEZE-2: nobody signed that').toBe('nothing');
  });

  it('is told in sentences: what happened, and what to do', () => {
    for (const code of securityCodes) {
      expect(withAdvice(securityError(code, 'It happened.'))).toMatch(/^It happened\. [A-Z].*\.$/);
    }
    expect(withAdvice(new HoldfastError('io', 'The disk failed.'))).toBe('The disk failed.');
  });
});

describe('a stored position', () => {
  it('that is damaged is `corrupt`', () => {
    const { position } = testVault('stored').replica;
    const bad: object[] = [
      { vault: 'x' },
      { seq: -1 },
      { seq: 1.5 },
      { head: 'zz' },
      { name: null },
      { deviceSeqs: { nobody: 1 } },
      { accounts: {} },
      { epochs: [{ ...position.epochs[0], epoch: 2 }] },
      { frozen: { code: 'E_WHAT', message: '', seq: null, device: null, atUs: 0 } },
      { frozen: { code: 'E_AUTH', message: '', seq: -1, device: null, atUs: 0 } },
      { frozen: undefined },
    ];
    for (const change of bad) expectStop(() => parsePosition({ ...position, ...change }), 'corrupt');
    for (const value of [null, 1, 'text', []]) expectStop(() => parsePosition(value), 'corrupt');
  });
});

describe('what the local index keeps of contents', () => {
  const world = testVault('index');
  const seal = indexSeal(world.replica.keyRing, world.random);
  const manifest = testManifest(world.random, newId<NodeId>(world.random), 2);
  const ref = testRef(world.random);

  it('comes back, for its own row only', () => {
    expect(seal.openManifest(manifest.revision, seal.sealManifest(manifest))).toEqual(manifest);
    expect(seal.openRef(ref.objectId, seal.sealRef(ref))).toEqual(ref);
    expectStop(() => seal.openManifest(newId<RevisionId>(world.random), seal.sealManifest(manifest)), 'corrupt');
    expectStop(() => seal.openRef(newId(world.random), seal.sealRef(ref)), 'corrupt');
    expectStop(() => seal.openManifest(ref.objectId as never, seal.sealRef(ref)), 'corrupt');
    expectStop(() => seal.openRef(ref.objectId, new Uint8Array(3)), 'corrupt');
  });

  it('is sealed by keys of its own, which rotation does not change', () => {
    const keys = [dedupKey(world.replica.keyRing), indexKey(world.replica.keyRing)];
    expect(keys[0]).not.toEqual(keys[1]);
    expect(keys.map((key) => key.length)).toEqual([32, 32]);
  });
});
