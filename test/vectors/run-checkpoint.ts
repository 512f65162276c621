import { toHex } from '../../src/common/bytes.ts';
import type { ObjectId, VaultId } from '../../src/common/ids.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { agreementKey } from '../../src/crypto/x25519.ts';
import { openCheckpoint, readState } from '../../src/vault/read-checkpoint.ts';
import { rowFields } from '../../src/vault/state-row.ts';
import type { Json } from './case.ts';
import { objectsIn, unavailable } from './run-contents.ts';
import { bytesIn, chainIn, type Input } from './run-history.ts';

export async function readCheckpointIn(input: Input): Promise<Json> {
  const chain = chainIn(input);
  const grants = (input['grants'] as readonly string[]).map((hex, at): [number, Uint8Array] => [at + 1, bytesIn(hex)]);
  const keys = { account: chain.account, sealing: agreementKey(bytesIn(input['sealingPrivate'])) };
  const raw = {
    body: bytesIn(input['body']),
    signature: bytesIn(input['signature']),
    box: bytesIn(input['box']),
    pages: input['pages'] as readonly ObjectId[],
  };
  const opened = openCheckpoint(input['vault'] as VaultId, keys, chain, raw, new Map(grants));
  const objects = objectsIn(input);
  const rows: Uint8Array[] = [];
  const fetchPage = async ({ objectId }: { readonly objectId: ObjectId }): Promise<Uint8Array> => {
    const sealed = objects.get(objectId);
    if (sealed === undefined) throw unavailable();
    return sealed;
  };
  for await (const page of readState(opened, fetchPage)) rows.push(...page.map((row) => encodeCbor(rowFields(row))));
  return toHex(sha256(...rows));
}
