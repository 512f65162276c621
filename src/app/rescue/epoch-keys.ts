import { concat, fromHex } from '../../common/bytes.ts';
import { must } from '../../common/errors.ts';
import { encodeCbor } from '../../crypto/cbor.ts';
import { downgraded, notAuthentic } from '../../crypto/failure.ts';
import { hpkeOpen } from '../../crypto/hpke.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { decodeStructure, fieldsOf } from './fields.ts';
import type { OpenedAccount } from './open-account.ts';
import type { AddProblem } from './report.ts';
import type { ServerCopy } from './server-copy.ts';

/** The vault keys of one vault (FORMAT.md 9). */
export interface EpochKeys {
  /** Whether `key` was not asked for it yet. */
  isNew(epoch: number): boolean;
  /** Null, and reported once, if our grant is missing or does not open. */
  key(epoch: number): Uint8Array | null;
  grantsHash(epoch: number): Uint8Array | null;
}

interface Opened {
  readonly key: Uint8Array;
  readonly grantsHash: Uint8Array;
}

const maxGrantsBytes = 1024 * 1024;

export function openEpochKeys({
  copy,
  account,
  vault,
  addProblem,
}: {
  readonly copy: ServerCopy;
  readonly account: OpenedAccount;
  readonly vault: { readonly id: string; readonly n: number };
  readonly addProblem: AddProblem;
}): EpochKeys {
  const epochs = new Map<number, Opened | null>();

  function open(epoch: number): Opened | null {
    const grants = copy.grants(vault.n, epoch);
    try {
      if (grants === null) throw notAuthentic();
      return { key: openGrant(account, vault.id, epoch, grants), grantsHash: sha256(grants) };
    } catch {
      addProblem({
        kind: 'log',
        message: `The grants of epoch ${epoch} are missing or damaged: no entry of that epoch can be opened.`,
      });
      return null;
    }
  }

  function opened(epoch: number): Opened | null {
    let known = epochs.get(epoch);
    if (known === undefined) {
      known = open(epoch);
      epochs.set(epoch, known);
    }
    return known;
  }

  return {
    isNew: (epoch) => !epochs.has(epoch),
    key: (epoch) => opened(epoch)?.key ?? null,
    grantsHash: (epoch) => opened(epoch)?.grantsHash ?? null,
  };
}

function openGrant({ account, sealing }: OpenedAccount, vault: string, epoch: number, grants: Uint8Array): Uint8Array {
  const fields = decodeStructure(grants, 'grants', maxGrantsBytes);
  if (fields.id() !== vault || fields.count() !== epoch) throw notAuthentic();
  const members = fields.fields().rest();
  fields.end();
  let last = '';
  const pairs = members.map((member) => {
    const pair = fieldsOf(member);
    const recipient = pair.id();
    const grant = pair.bytes();
    pair.end();
    if (recipient <= last) throw notAuthentic();
    last = recipient;
    return { recipient, grant };
  });
  for (const { recipient, grant } of pairs) {
    if (recipient !== account) continue;
    if (grant[0] !== 1) throw downgraded();
    const ids = [must(fromHex(vault)), epoch, must(fromHex(account))];
    const info = concat(new TextEncoder().encode('holdfast/1/grant\0'), encodeCbor(ids));
    const key = hpkeOpen(sealing, info, new Uint8Array(), grant.subarray(1));
    if (key.length !== 32) throw notAuthentic();
    return key;
  }
  throw notAuthentic();
}
