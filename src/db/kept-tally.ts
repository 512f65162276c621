import type { Connection } from './connection.ts';
import { emptyTally, type Tally, tallyColumns } from './tally.ts';
import { numberValue } from './values.ts';

/** The sums over all nodes as the table `state` keeps them, in memory. */
export interface KeptTally {
  read(): Readonly<Tally>;
  /** To be changed in place. */
  change(): Tally;
  /** All of it is to be counted up anew. */
  recount(): Tally;
  /** Before a commit. */
  save(): void;
  /** After a rollback. */
  forget(): void;
}

export function createKeptTally({ prepare }: Connection): KeptTally {
  const load = prepare(`SELECT ${tallyColumns.join()} FROM state`);
  const store = prepare(`UPDATE state SET ${tallyColumns.map((column) => `${column} = ?`).join()}`);
  /** Null: not read since the last write that failed, when the disk may give nothing either. */
  let tally: Tally | null = null;
  let isChanged = false;

  const stored = (): Tally => {
    const row = load.get() ?? [];
    const found = emptyTally();
    tallyColumns.forEach((column, i) => {
      found[column] = numberValue(row[i]);
    });
    return found;
  };
  const read = (): Tally => {
    tally ??= stored();
    return tally;
  };
  const change = (): Tally => {
    isChanged = true;
    return read();
  };
  return {
    read,
    change,
    recount: () => {
      tally = emptyTally();
      return change();
    },
    save: () => {
      if (isChanged) store.run(...tallyColumns.map((column) => read()[column]));
      isChanged = false;
    },
    forget: () => {
      tally = null;
      isChanged = false;
    },
  };
}
