import { must } from '../../src/common/errors.ts';
import { type AccountId, newId, type ObjectId } from '../../src/common/ids.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import { sealGrant } from '../../src/crypto/grant.ts';
import { encodeGrants, parseGrants } from '../../src/crypto/grants.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Operation } from '../../src/model/operation.ts';
import { newDeviceKeys } from '../../src/vault/account-keys.ts';
import { newEpoch } from '../../src/vault/key-ring.ts';
import { encodeOperations, paddedLength } from '../../src/vault/operation-codec.ts';
import type { RawEntry } from '../../src/vault/replay.ts';
import type { Forgery } from '../fakes/forge-entry.ts';
import { nowUs } from '../fakes/vault-world.ts';
import type { Json, VectorCase, VectorFile } from './case.ts';
import { folder, type History, newHistory } from './history.ts';
import { replayed } from './run-history.ts';

/** A log of these entries, all honest: what it gives is what our reader makes of it, void operations included. */
export function whole(name: string, rule: string, history: History): VectorCase {
  const input = history.input();
  return { name, rule, input, expect: 'ok', output: replayed(input) };
}

/** The honest log and one entry that is refused: what was released before is the honest log. */
function refused(
  name: string,
  rule: string,
  history: History,
  raw: RawEntry,
  expect: VectorCase['expect'],
  grants: Uint8Array | null = null,
): VectorCase {
  return {
    name,
    rule,
    input: history.input([{ raw, grants }]),
    expect,
    released: replayed(history.input()) as Json,
  };
}

/** As `refused`, for an entry that is honest but for the forgery. */
const forged = (
  name: string,
  rule: string,
  seed: string,
  forgery: Forgery,
  expect: VectorCase['expect'],
): VectorCase => {
  const history = started(seed);
  return refused(name, rule, history, history.forge(forgery), expect);
};

function started(seed: string): History {
  const history = newHistory(seed);
  history.push([folder(history, 'a')]);
  history.push([folder(history, 'b')], 1);
  return history;
}

/** Section 10, in its order. Each last entry is honest but for one thing. */
function replayCases(): VectorCase[] {
  const fresh = started('replay');
  const raw = fresh.forge();
  const ghost = newDeviceKeys(fresh.random);
  const other = must(fresh.world.account.devices[1]);
  const ids = [1, 2, 3].map((at) => at.toString(16).padStart(32, '0') as ObjectId);
  const padded = encodeOperations(nowUs, [{ type: 'vault', name: 'x' }]);
  const of = (operations: Parameters<typeof encodeCbor>[0]): Uint8Array => {
    const plain = encodeCbor(['operations', 1, nowUs, operations]);
    const bytes = new Uint8Array(paddedLength(plain.length));
    bytes.set(plain);
    bytes[plain.length] = 0x80;
    return bytes;
  };
  const late = newHistory('late');
  const lateDevice = late.addDevice();
  const beforeLate = must([...late.chain().positions.keys()].at(-2));
  const hash = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
  return [
    whole('three entries by two devices', 'F-REPLAY-7', started('honest')),
    refused(
      'a ciphertext shorter than a box',
      'F-REPLAY-1',
      fresh,
      { ...raw, ciphertext: new Uint8Array(71) },
      'E_AUTH',
    ),
    refused('a header of 513 bytes', 'F-REPLAY-1', fresh, { ...raw, header: new Uint8Array(513) }, 'E_LIMIT'),
    refused('a header of suite 2', 'F-REPLAY-1', fresh, { ...raw, header: encodeCbor(['entry', 2]) }, 'E_DOWNGRADE'),
    forged('of another vault', 'F-REPLAY-1', 'vault', { header: { vault: newId(fresh.random) } }, 'E_AUTH'),
    forged('of another account', 'F-REPLAY-2', 'account', { header: { account: newId(fresh.random) } }, 'E_MEMBER'),
    forged(
      'by a device that is not in the chain',
      'F-REPLAY-2',
      'ghost',
      { header: { device: ghost.device, deviceSeq: 1 }, signer: ghost.signing },
      'E_MEMBER',
    ),
    forged(
      'under an account head that is not in the chain',
      'F-REPLAY-2',
      'head',
      { header: { accountHead: new Uint8Array(32) } },
      'E_MEMBER',
    ),
    refused('signed by the other device', 'F-REPLAY-2', fresh, fresh.forge({ signer: other.signing }), 'E_AUTH'),
    refused(
      'by a device before it was added',
      'F-REPLAY-2',
      late,
      late.forge({
        header: { device: lateDevice.device, deviceSeq: 1, accountHead: hash(beforeLate) },
        signer: lateDevice.signing,
      }),
      'E_MEMBER',
    ),
    ...revokedCases(),
    forged('seq skips one', 'F-REPLAY-4', 'skip', { header: { seq: 5 } }, 'E_FORK'),
    forged('seq again', 'F-REPLAY-4', 'again', { header: { seq: 3 } }, 'E_FORK'),
    forged('another previous hash', 'F-REPLAY-4', 'prev', { header: { prevHash: new Uint8Array(32) } }, 'E_FORK'),
    refused('the last entry twice', 'F-REPLAY-4', fresh, must(fresh.world.log.at(-1)).raw, 'E_FORK'),
    forged("a device's count skips one", 'F-REPLAY-5', 'device-skip', { header: { deviceSeq: 4 } }, 'E_FORK'),
    forged("a device's count again", 'F-REPLAY-5', 'device-again', { header: { deviceSeq: 2 } }, 'E_FORK'),
    refused(
      'a ciphertext that is not the signed one',
      'F-REPLAY-6',
      fresh,
      { ...raw, ciphertext: fresh.forge().ciphertext },
      'E_AUTH',
    ),
    forged('under another log key', 'F-REPLAY-6', 'key', { logKey: new Uint8Array(32) }, 'E_AUTH'),
    forged('an id retained and released', 'F-ENTRY-1', 'both', { retained: ids, released: ids.slice(0, 1) }, 'E_AUTH'),
    forged('retained ids out of order', 'F-ENTRY-1', 'order', { retained: ids.toReversed() }, 'E_AUTH'),
    refused('retained ids that are not the signed ones', 'F-REPLAY-6', fresh, { ...raw, retained: ids }, 'E_AUTH'),
    forged('padding cut', 'F-REPLAY-7', 'padding', { padded: padded.subarray(0, 200) }, 'E_AUTH'),
    forged('an operation of wrong shape', 'F-REPLAY-7', 'shape', { padded: of([[5]]) }, 'E_AUTH'),
    forged('an operation of a later version', 'F-OP-2', 'newer', { padded: of([[24]]) }, 'version'),
    forged(
      'an operation of a later version behind one of wrong shape',
      'F-OP-2',
      'newer-late',
      { padded: of([[5], [24]]) },
      'E_AUTH',
    ),
    forged(
      'an operation of wrong shape behind one of a later version',
      'F-OP-2',
      'newer-first',
      { padded: of([[24], [5]]) },
      'version',
    ),
    ...genesisCases(),
  ];
}

/** F-EPOCH-3, F-EPOCH-2 and devices that were revoked. */
function revokedCases(): VectorCase[] {
  const history = started('revoked');
  const lost = must(history.world.account.devices[1]);
  const before = history.chain();
  const own = history.forge();
  history.revoke(lost);
  const unrotated = refused('no new epoch after a revocation', 'F-EPOCH-3', history, history.forge(), 'E_MEMBER');
  const stale = { header: { accountHead: before.head } };
  const without = whole('an entry that does not know of the revocation yet', 'F-EPOCH-3', withLast(history, own));
  const revokedAuthor = { header: { device: lost.device, deviceSeq: 2 }, signer: lost.signing };
  const byLost = refused(
    'by a device that was revoked',
    'F-REPLAY-2',
    history,
    history.forge(revokedAuthor),
    'E_MEMBER',
  );
  const oldKey = must(history.world.replica.keyRing.epochs.get(1)).log;
  history.push([folder(history, 'new epoch')]);
  return [
    unrotated,
    without,
    byLost,
    whole('a new epoch after a revocation', 'F-EPOCH-1', history),
    refused('an account head before that of an earlier entry', 'F-REPLAY-2', history, history.forge(stale), 'E_MEMBER'),
    refused(
      'the old epoch again',
      'F-EPOCH-2',
      history,
      history.forge({ header: { epoch: 1 }, logKey: oldKey }),
      'E_MEMBER',
    ),
    ...epochCases(history),
  ];
}

const withLast = (history: History, raw: RawEntry): History => ({
  ...history,
  input: (more = []) => history.input([{ raw, grants: null }, ...more]),
});

/** Entries that begin epoch 3, each wrong in one way; and the one that is right. */
function epochCases(history: History): VectorCase[] {
  const { world, random } = history;
  const { keys } = world.account;
  const member = { account: keys.account, sealingKey: keys.sealing.publicKey };
  const made = (epoch = 3) => newEpoch({ vault: world.vault, epoch }, [member], random);
  const pin = (grants: Uint8Array, epoch = 3): Operation => ({ type: 'epoch', epoch, grantsHash: sha256(grants) });
  const next = made();
  const begin = (operations: readonly Operation[], header = { epoch: 3 }, logKey = next.keys.log): RawEntry =>
    history.forge({ header, logKey, operations });
  const bad = (
    name: string,
    rule: string,
    raw: RawEntry,
    expect: VectorCase['expect'],
    grants: Uint8Array | null,
  ): VectorCase => refused(name, rule, history, raw, expect, grants);
  const parsed = parseGrants(next.grants);
  const grant = must(parsed.grants[0]).grant;
  const withGrant = (
    name: string,
    rule: string,
    changed: Uint8Array | null,
    expect: VectorCase['expect'],
  ): VectorCase => {
    const list = changed === null ? [] : [{ account: keys.account, grant: changed }];
    const bytes = encodeGrants({ ...parsed, grants: list });
    return bad(name, rule, begin([pin(bytes)]), expect, bytes);
  };
  const far = made(5);
  const again = sealGrant(
    { vault: world.vault, epoch: 3, recipient: keys.account },
    keys.sealing.publicKey,
    next.keys.vaultKey,
    random,
  );
  const others = encodeGrants({ ...parsed, grants: [{ account: keys.account, grant: again }] });
  const foreign = encodeGrants({ ...parsed, vault: newId(random) });
  const late = encodeGrants({ ...parsed, epoch: 4 });
  return [
    bad(
      'an epoch skipped',
      'F-EPOCH-2',
      begin([pin(far.grants, 5)], { epoch: 5 }, far.keys.log),
      'E_MEMBER',
      far.grants,
    ),
    bad(
      'an epoch operation within an epoch',
      'F-EPOCH-2',
      history.forge({ operations: [pin(next.grants)] }),
      'E_MEMBER',
      null,
    ),
    bad(
      'an epoch operation that is not in front',
      'F-EPOCH-2',
      begin([folder(history, 'x'), pin(next.grants)]),
      'E_MEMBER',
      next.grants,
    ),
    bad('two epoch operations', 'F-EPOCH-2', begin([pin(next.grants), pin(next.grants)]), 'E_MEMBER', next.grants),
    bad('an epoch operation of another number', 'F-EPOCH-2', begin([pin(next.grants, 4)]), 'E_MEMBER', next.grants),
    bad('no epoch operation', 'F-EPOCH-2', begin([folder(history, 'x')]), 'E_MEMBER', next.grants),
    bad('grants that are not pinned', 'F-EPOCH-1', begin([pin(next.grants)]), 'E_MEMBER', others),
    bad('grants of another vault', 'F-EPOCH-1', begin([pin(foreign)]), 'E_AUTH', foreign),
    bad('grants of another epoch', 'F-EPOCH-1', begin([pin(late)]), 'E_AUTH', late),
    bad('grants that are not there', 'F-FREEZE-2', begin([pin(next.grants)]), 'missing', null),
    withGrant('no grant for this account', 'F-EPOCH-1', null, 'E_MEMBER'),
    withGrant('a grant of another kem', 'F-GRANT-1', Uint8Array.of(2, ...grant.subarray(1)), 'E_DOWNGRADE'),
    withGrant('a grant with a bit changed', 'F-GRANT-1', grant.with(40, (grant[40] ?? 0) ^ 1), 'E_AUTH'),
    withGrant('a grant cut', 'F-GRANT-1', grant.subarray(0, 80), 'E_AUTH'),
  ];
}

/** F-CHAIN-5 and how a log begins. */
function genesisCases(): VectorCase[] {
  const history = newHistory('genesis');
  const foreign = newHistory('foreign');
  const given = { ...history.input(), entries: foreign.input()['entries'] as Json };
  const unknown = { ...history.input(), vault: newId(foreign.random) as string };
  const planted = { ...history.input(), vault: foreign.world.vault, entries: given.entries };
  const rule = 'F-CHAIN-5';
  return [
    whole('the genesis alone', 'F-EPOCH-1', history),
    { name: 'the genesis of another vault', rule, input: given, expect: 'E_AUTH', released: begun(given) },
    {
      name: 'a vault that is not in the chain',
      rule,
      input: planted,
      expect: 'E_MEMBER',
      released: begun(planted),
    },
    {
      name: 'an id that is not in the chain',
      rule,
      input: unknown,
      expect: 'E_AUTH',
      released: begun(unknown),
    },
    { ...anotherGenesis(), rule },
    { ...anotherGenesis(newId(foreign.random)), rule: 'F-REPLAY-2' },
  ];
}

/** Nothing but the beginning. */
const begun = (input: VectorCase['input']): Json => replayed({ ...input, entries: [] });

/** The vault begins, honestly signed, in another way than the chain pins. */
function anotherGenesis(author?: AccountId): Omit<VectorCase, 'rule'> {
  const history = newHistory('two beginnings');
  const { world } = history;
  const { keys } = world.account;
  const made = newEpoch(
    { vault: world.vault, epoch: 1 },
    [{ account: keys.account, sealingKey: keys.sealing.publicKey }],
    history.random,
  );
  const raw = history.forge({
    header: {
      seq: 1,
      prevHash: new Uint8Array(32),
      deviceSeq: 1,
      epoch: 1,
      ...(author === undefined ? {} : { account: author }),
    },
    logKey: made.keys.log,
    operations: [
      { type: 'vault', name: 'Other' },
      { type: 'epoch', epoch: 1, grantsHash: sha256(made.grants) },
    ],
  });
  const input = { ...history.input([{ raw, grants: made.grants }]) };
  const entries = (input['entries'] as readonly Json[]).slice(-1);
  const changed = { ...input, entries };
  const released = begun(changed);
  return author === undefined
    ? { name: 'another genesis than the pinned one', input: changed, expect: 'E_FORK', released }
    : { name: 'a genesis of another account', input: changed, expect: 'E_MEMBER', released };
}

/** F-REPLAY-8: what a reader has seen before. */
function endCases(): VectorCase[] {
  const history = started('end');
  const input = history.input();
  const { seq, head } = replayed(input) as { seq: number; head: string };
  const withEnd = (end: Json): VectorCase['input'] => ({ ...input, end });
  const released = replayed(input);
  return [
    {
      name: 'the server is where the reader is',
      rule: 'F-REPLAY-8',
      input: withEnd({ seq, hash: head }),
      expect: 'ok',
      output: released,
    },
    {
      name: 'the server is further',
      rule: 'F-REPLAY-8',
      input: withEnd({ seq: seq + 1, hash: '00'.repeat(32) }),
      expect: 'ok',
      output: released,
    },
    {
      name: 'the server shows an older end',
      rule: 'F-REPLAY-8',
      input: withEnd({ seq: seq - 1, hash: head }),
      expect: 'E_ROLLBACK',
      released,
    },
    {
      name: 'the server shows another end',
      rule: 'F-REPLAY-8',
      input: withEnd({ seq, hash: '00'.repeat(32) }),
      expect: 'E_FORK',
      released,
    },
  ];
}

export function historyVectors(): VectorFile[] {
  return [
    {
      format: 'log',
      about:
        'FORMAT.md 8 to 10: a whole account chain and log, replayed. `released`: where a reader stands when the last entry is refused. Effects: of each operation, applied or void. `end`: where the server says the log ends, asked after the replay.',
      cases: [...replayCases(), ...endCases()],
    },
  ];
}
