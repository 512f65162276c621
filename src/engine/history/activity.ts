import { HoldfastError } from '../../common/errors.ts';
import type { DeviceId } from '../../common/ids.ts';
import type { BatchRow, IndexReader } from '../../db/index-port.ts';
import type { ActivityItem } from '../../model/status.ts';
import { type BatchChange, decodeChanges } from '../batch-journal.ts';
import type { CycleContext } from '../cycle-context.ts';
import { lastPath, placePath } from './last-path.ts';

/** Changes that an item lists. */
const maxListed = 50;

/**
 * What changed in the vault, newest first: one item for each entry of the log. `before`: the `batch` of the last item of
 * the page before. Paths are those of today. Throws `missing`.
 */
export function listActivity(
  context: Pick<CycleContext, 'local'>,
  page: { readonly limit: number; readonly before: string | null },
  deviceName: (device: DeviceId) => string,
): readonly ActivityItem[] {
  const { read } = context.local.index;
  const before = page.before === null ? null : read.batch(page.before);
  if (page.before !== null && before === null) throw new HoldfastError('missing', `There is no batch ${page.before}.`);
  const rows = read.batches({ limit: page.limit, ...(before === null ? {} : { before: before.position }) });
  return rows.map((row) => itemOf(read, row, deviceName));
}

function itemOf(read: IndexReader, row: BatchRow, deviceName: (device: DeviceId) => string): ActivityItem {
  const changes = decodeChanges(row.ops);
  return {
    batch: row.id,
    seq: row.seq ?? 0,
    time: row.time,
    device: row.deviceId,
    deviceName: deviceName(row.deviceId),
    changes: changes.slice(0, maxListed).map((change) => lineOf(read, change)),
    changeCount: changes.reduce((sum, change) => sum + (change.what === 'delete' ? change.before.length : 1), 0),
  };
}

function lineOf(read: IndexReader, change: BatchChange): ActivityItem['changes'][number] {
  const path = lastPath(read, change.node) ?? '…';
  const kind = read.vaultRow(change.node)?.kind ?? 'file';
  const from = change.what === 'place' ? placePath(read, change.before.parent, change.before.name) : null;
  return { what: change.what, kind, path, from };
}
