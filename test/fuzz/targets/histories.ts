import { beginChain, extendChain } from '../../../src/app/rescue/account-chain.ts';
import { parseOperations } from '../../../src/app/rescue/operations.ts';
import { openVaultTree } from '../../../src/app/rescue/vault-tree.ts';
import { toHex } from '../../../src/common/bytes.ts';
import { must } from '../../../src/common/errors.ts';
import { type AccountId, idBytes } from '../../../src/common/ids.ts';
import { extendAccountChain } from '../../../src/crypto/account-chain.ts';
import { type SignedAccountEvent, signAccountEvent } from '../../../src/crypto/account-event.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import { openGrant } from '../../../src/crypto/grant.ts';
import { sha256 } from '../../../src/crypto/sha256.ts';
import { signingKey } from '../../../src/crypto/sign.ts';
import { agreementKey } from '../../../src/crypto/x25519.ts';
import { openEntry } from '../../../src/vault/replay.ts';
import { applyOperations } from '../../../src/vault/tree-rules.ts';
import { forgeEntry } from '../../fakes/forge-entry.ts';
import { memoryVaultTree } from '../../fakes/memory-vault-tree.ts';
import { nowUs, testVault } from '../../fakes/vault-world.ts';
import { outcome, promise, sameRefusal, type Target } from '../target.ts';
import { vectorInput, vectorSeeds } from './seeds.ts';

/** Signed by a member who says what they like: nothing but the shape, the rules and the place can refuse it. */
function entryTarget(): Target {
  const world = testVault('fuzz');
  const { replica, account } = world;
  const padded = (plain: Uint8Array): Uint8Array => {
    const length = 256 * Math.ceil((plain.length + 1) / 256);
    const bytes = new Uint8Array(length);
    bytes.set(plain);
    bytes[plain.length] = 0x80;
    return bytes;
  };
  return {
    name: 'entry',
    kind: 'cbor',
    most: 1000,
    seeds: () => {
      const all = vectorSeeds('operations', 'padded').map((bytes) =>
        bytes.subarray(
          0,
          bytes.findLastIndex((byte) => byte !== 0),
        ),
      );
      return all.filter(({ length }) => length < 3000);
    },
    run: (input) => {
      const plain = padded(input);
      const raw = forgeEntry(world, replica, { padded: plain });
      const allowed = ['E_AUTH', 'E_DOWNGRADE', 'E_MEMBER', 'version'];
      const ours = outcome(allowed, () => openEntry(replica.position, replica.keyRing, account.chain, raw));
      if (!ours.ok) return;
      const tree = memoryVaultTree();
      const effects = applyOperations(tree, ours.value.operations, ours.value.stamp);
      const second = openVaultTree();
      try {
        const others = parseOperations(plain).list.map((operation) => second.apply(operation, nowUs));
        const isAgreed = effects.every(({ status }, at) => (status === 'applied') === (others[at] === 'done'));
        promise(isAgreed, 'the second reader judges an operation otherwise');
        for (const [id, node] of tree.nodes) {
          const theirs = second.node(id);
          const isSame =
            theirs?.parent === node.parent && theirs.name === node.name && theirs.isLive === !node.isDeleted;
          promise(isSame && theirs.revision === node.revision, 'the second reader has another tree');
        }
      } finally {
        second.close();
      }
    },
  };
}

/** Events in an array, each signed by the identity key; linked to each other, if the first element says so. */
function chainTarget(): Target {
  const account = 'ab'.repeat(16) as AccountId;
  const identity = signingKey(new Uint8Array(32).fill(1));
  const devices = [2, 3].map((seed) => signingKey(new Uint8Array(32).fill(seed)));
  const id = (at: number): Uint8Array => new Uint8Array(16).fill(at);
  const hash = new Uint8Array(32);
  const event = (kind: string, ...fields: readonly Cbor[]): Cbor => [
    'account-event',
    1,
    idBytes(account),
    1,
    hash,
    0,
    kind,
    ...fields,
  ];
  const add = (at: number): Cbor =>
    event('device-add', id(at), must(devices[at]).publicKey, new Uint8Array(32).fill(at), new Uint8Array(80));
  const facts = [
    event('genesis', identity.publicKey, new Uint8Array(32).fill(9), null, null),
    add(0),
    event('record', 1, hash, null, null),
    event('vault-add', id(7), hash, null, null),
    add(1),
    event('device-revoke', id(0), null, null, null),
    event('record', 2, hash, null, null),
  ];

  function signed(input: Uint8Array): SignedAccountEvent[] {
    const [isLinked, ...list] = decodeCbor(input) as readonly Cbor[];
    let previous: Uint8Array = hash;
    return list.map((item, at) => {
      const fields = Array.isArray(item) ? [...(item as readonly Cbor[])] : [item];
      if (isLinked === true && fields.length > 4) {
        fields[3] = at + 1;
        fields[4] = previous;
      }
      const bytes = encodeCbor(fields);
      previous = sha256(bytes);
      const key = fields[8];
      const device = devices.find(({ publicKey }) => key instanceof Uint8Array && toHex(key) === toHex(publicKey));
      return signAccountEvent(bytes, identity, fields[6] === 'device-add' ? device : undefined);
    });
  }

  return {
    name: 'account-chain',
    kind: 'cbor',
    seeds: () => [
      encodeCbor([true, ...facts]),
      encodeCbor([true, must(facts[0])]),
      encodeCbor([false, ...facts.slice(0, 2)]),
    ],
    run: (input) => {
      let events: SignedAccountEvent[];
      try {
        events = signed(input);
      } catch {
        return;
      }
      const allowed = ['E_AUTH', 'E_DOWNGRADE', 'E_LIMIT', 'E_FORK', 'E_MEMBER'];
      const ours = outcome(allowed, () => extendAccountChain(null, account, events));
      const [genesis, ...more] = events;
      if (genesis === undefined) return;
      const theirs = outcome(allowed, () => {
        const chain = beginChain(account, genesis);
        for (const one of more) extendChain(chain, one);
        return chain;
      });
      promise(
        sameRefusal(ours, theirs),
        `the second reader answers otherwise: ${JSON.stringify([ours, theirs].map((one) => (one.ok ? 'ok' : one.refusal)))}`,
      );
      if (ours.ok && theirs.ok) {
        promise(toHex(ours.value.head) === toHex(theirs.value.head), 'another head');
        promise(ours.value.devices.size === theirs.value.devices.size, 'other devices');
      }
    },
  };
}

function grantTarget(): Target {
  const input = vectorInput('grant');
  const key = agreementKey(Uint8Array.from(Buffer.from(input['privateKey'] as string, 'hex')));
  const place = {
    vault: input['vault'] as never,
    epoch: input['epoch'] as number,
    recipient: input['account'] as never,
  };
  return {
    name: 'grant',
    kind: 'bytes',
    seeds: () => vectorSeeds('grant', 'grant'),
    run: (grant) => {
      const found = outcome(['E_AUTH', 'E_DOWNGRADE'], () => openGrant(place, key, grant));
      promise(!found.ok || toHex(grant) === input['grant'], 'a grant that nobody made opens');
    },
  };
}

export const historyTargets = (): readonly Target[] => [entryTarget(), chainTarget(), grantTarget()];
