import { toHex } from '../common/bytes.ts';
import { nameFault } from '../common/name.ts';
import type { EntryHeader } from '../crypto/entry-header.ts';
import type { DecodedOperation } from './operation-codec.ts';
import type { AccountPosition, EpochStart, LogPosition } from './position.ts';

/** The position after an entry whose every check has passed; the same for its author and its readers. */
export function nextPosition(
  position: LogPosition,
  header: EntryHeader,
  entryHash: Uint8Array,
  accountPosition: number,
  operations: readonly DecodedOperation[],
): LogPosition {
  const { account, device, deviceSeq, seq } = header;
  const seen: AccountPosition = { account, position: accountPosition, head: toHex(header.accountHead) };
  const epochs: EpochStart[] = [];
  let { name } = position;
  for (const operation of operations) {
    if (operation.type === 'vault' && nameFault(operation.name) === null) name = operation.name;
    if (operation.type === 'epoch') {
      epochs.push({ epoch: operation.epoch, seq, accountPosition, grantsHash: toHex(operation.grantsHash) });
    }
  }
  return {
    ...position,
    seq,
    head: toHex(entryHash),
    name,
    deviceSeqs: { ...position.deviceSeqs, [device]: deviceSeq },
    accounts: [...position.accounts.filter((item) => item.account !== account), seen].sort((a, b) =>
      a.account < b.account ? -1 : 1,
    ),
    epochs: epochs.length === 0 ? position.epochs : [...position.epochs, ...epochs],
  };
}
