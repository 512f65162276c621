/** What a new device takes, in milliseconds: for an entry, for a byte of it, and for a node of a checkpoint. */
const entryMs = 0.2;
const byteMs = 0.000_16;
const nodeMs = 0.055;

/**
 * Whether a new checkpoint pays: what was appended since the last one is much, and takes a new device longer to replay than a
 * checkpoint of all `nodes`, deleted ones included, takes it to read. So a vault that was just filled has none, and one with very
 * many nodes is not written anew, and stored for a month, each time that a few thousand of them have changed.
 */
export function isCheckpointDue(since: { readonly entries: number; readonly bytes: number }, nodes: number): boolean {
  const isMuch = since.entries >= 5000 || since.bytes >= 64 * 1024 * 1024;
  return isMuch && since.entries * entryMs + since.bytes * byteMs >= nodes * nodeMs;
}
