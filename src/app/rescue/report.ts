/** What could not be rescued, or not as it should be. */
export interface RescueProblem {
  /**
   * `account`, `log`: history is missing or not authentic, so that changes may be missing. `file`: a file, or its newest
   * version, is lost. `name`: an item has a name that no vault may hold. `copy`: the copy of the server's data is damaged.
   */
  readonly kind: 'account' | 'log' | 'file' | 'name' | 'copy';
  /** The vault's folder below the output folder. */
  readonly vault?: string;
  /** The item's path in the vault. */
  readonly path?: string;
  /** A sentence. */
  readonly message: string;
}

export type AddProblem = (problem: RescueProblem) => void;

export interface RescuedVault {
  readonly vault: string;
  readonly name: string;
  /** Its folder below the output folder. */
  readonly folder: string;
  readonly files: number;
  readonly folders: number;
  /** Bytes of the files. */
  readonly bytes: number;
  /** Files written besides: deleted ones, and old revisions. */
  readonly deleted: number;
  readonly versions: number;
  /** Seq of the last entry read, and its author's clock. */
  readonly seq: number;
  readonly lastChangeUs: number | null;
}

/** An item that this disk could not hold under its own name. */
export interface RenamedItem {
  readonly vault: string;
  readonly path: string;
  /** Below the output folder. */
  readonly writtenAs: string;
}

export interface RescueReport {
  readonly account: string;
  readonly email: string;
  readonly vaults: readonly RescuedVault[];
  /** Of all vaults; live files only. */
  readonly files: number;
  readonly bytes: number;
  /** The first ones; `problemCount` counts all. */
  readonly problems: readonly RescueProblem[];
  readonly problemCount: number;
  readonly renamed: readonly RenamedItem[];
  readonly renamedCount: number;
}

export type RescueProgress =
  | { readonly phase: 'log'; readonly vault: string; readonly seq: number; readonly ofSeq: number }
  | {
      readonly phase: 'files';
      readonly vault: string;
      readonly files: number;
      readonly ofFiles: number;
      readonly bytes: number;
      readonly ofBytes: number;
    };

/** Most items that a list of the report holds. */
export const maxListed = 100_000;
