import { HoldfastError } from '../../common/errors.ts';
import { parseRecoveryWords } from '../../crypto/recovery.ts';
import { type ObjectFiles, openObjectFiles } from './object-files.ts';
import { masterKeyOf, type OpenedAccount, openAccount } from './open-account.ts';
import { type Output, openOutput } from './output.ts';
import { readLog } from './read-log.ts';
import {
  maxListed,
  type RenamedItem,
  type RescuedVault,
  type RescueProblem,
  type RescueProgress,
  type RescueReport,
} from './report.ts';
import { openServerCopy, type ServerCopy } from './server-copy.ts';
import { openVaultTree } from './vault-tree.ts';
import { writeVault } from './write-vault.ts';

export interface RescueOptions {
  /** A copy of a server's data folder (`src/server/STORAGE.md`). Only read. */
  readonly dataDir: string;
  /** Empty, or not there yet. */
  readonly outDir: string;
  /** The 24 recovery words. */
  readonly words: string;
  /** Writes deleted files as well, below `.deleted` of each vault. */
  readonly withDeleted?: boolean;
  /** Writes old revisions as well, below `.versions` of each vault. */
  readonly withVersions?: boolean;
  readonly onProgress?: (progress: RescueProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes all files of an account from a copy of the server's data and the recovery words alone, by FORMAT.md section 13. A
 * second reader of the formats, apart from the one that syncs: it shares only primitives with it. What is not authentic is
 * never written; what is missing or damaged is in the report.
 *
 * Throws `usage` (words that are none, folders), `refused` (reason `no-account`: the words open no account here),
 * `version` (newer data), `security` (the account's own keys are not authentic), `corrupt`, `io` (the output disk).
 */
export async function rescueAccount(options: RescueOptions): Promise<RescueReport> {
  const recoveryKey = parseRecoveryWords(options.words);
  const problems = list<RescueProblem>();
  const renamed = list<RenamedItem>();
  const output = await openOutput(options.outDir, options.dataDir);
  let copy: ServerCopy | null = null;
  let objects: ObjectFiles | null = null;
  try {
    copy = await openServerCopy(options.dataDir, output.workDir, problems.add);
    objects = openObjectFiles(copy);
    const account = findAccount(copy, recoveryKey, problems);
    const parts = { options, copy, objects, account, output, problems, renamed };
    const vaults: RescuedVault[] = [];
    for (const [id, genesis] of account.chain.vaults) {
      const vault = await rescueVault(parts, id, genesis);
      if (vault !== null) vaults.push(vault);
    }
    for (const id of copy.vaultsOf(account.account)) {
      if (account.chain.vaults.has(id)) continue;
      const message = `Vault ${id} is not in the account chain as far as it could be verified, and was left out.`;
      problems.add({ kind: 'account', message });
    }
    return {
      account: account.account,
      email: account.email,
      vaults,
      files: vaults.reduce((sum, vault) => sum + vault.files, 0),
      bytes: vaults.reduce((sum, vault) => sum + vault.bytes, 0),
      problems: problems.items,
      problemCount: problems.count(),
      renamed: renamed.items,
      renamedCount: renamed.count(),
    };
  } catch (cause) {
    const isTemporary = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('SQLITE_');
    if (!isTemporary) throw cause;
    throw new HoldfastError('io', 'The disk for temporary files is full or fails.', { cause });
  } finally {
    recoveryKey.fill(0);
    await objects?.close();
    copy?.close();
    await output.close();
  }
}

interface Parts {
  readonly options: RescueOptions;
  readonly copy: ServerCopy;
  readonly objects: ObjectFiles;
  readonly account: OpenedAccount;
  readonly output: Output;
  readonly problems: List<RescueProblem>;
  readonly renamed: List<RenamedItem>;
}

const whyNone =
  'Check the words, and whether this is a copy of the right server’s data. Words that were replaced open only copies of before, new ones only copies of after.';

function findAccount(copy: ServerCopy, recoveryKey: Uint8Array, problems: List<RescueProblem>): OpenedAccount {
  for (const stored of copy.accounts()) {
    const masterKey = masterKeyOf(stored, recoveryKey);
    if (masterKey === null) continue;
    try {
      return openAccount(stored, masterKey, copy.events, problems.add);
    } finally {
      masterKey.fill(0);
    }
  }
  throw new HoldfastError('refused', 'The recovery words open no account in this data.', {
    reason: 'no-account',
    hint: [...problems.items.map(({ message }) => message), whyNone].join(' '),
  });
}

/** `genesis`: the hash of the vault's first entry. */
async function rescueVault(parts: Parts, id: string, genesis: Uint8Array): Promise<RescuedVault | null> {
  const { copy, account, output, objects, problems, renamed, options } = parts;
  const { signal = new AbortController().signal, onProgress = () => undefined } = options;
  const listed = copy.vaultNumber(id);
  const n = listed ?? copy.vaultBeginningWith(genesis);
  if (n === null) {
    problems.add({
      kind: 'log',
      message: `Vault ${id} of the account is not in this copy: it was deleted, or is lost.`,
    });
    return null;
  }
  const vault = { id, n };
  const tree = openVaultTree();
  try {
    const found: RescueProblem[] = [];
    if (listed === null) {
      found.push({ kind: 'log', message: 'What the server noted of this vault is lost: the log may have gone on.' });
    }
    const log = await readLog({
      copy,
      account,
      vault,
      tree,
      addProblem: (problem) => found.push(problem),
      onProgress: (seq, ofSeq) => onProgress({ phase: 'log', vault: id, seq, ofSeq }),
      signal,
    });
    const name = log.name ?? `Vault ${id.slice(0, 8)}`;
    const folder = await output.makeFolder(output.root, name);
    const folderName = folder.slice(output.root.length + 1);
    for (const problem of found) problems.add({ ...problem, vault: folderName });
    const totals = tree.totals();
    const written = await writeVault({
      vault,
      folder,
      folderName,
      tree,
      objects,
      output,
      withDeleted: options.withDeleted ?? false,
      withVersions: options.withVersions ?? false,
      addProblem: problems.add,
      addRenamed: renamed.add,
      onProgress: (files, bytes) =>
        onProgress({ phase: 'files', vault: folderName, files, ofFiles: totals.files, bytes, ofBytes: totals.bytes }),
      signal,
    });
    return { vault: id, name, folder: folderName, ...written, seq: log.seq, lastChangeUs: log.lastChangeUs };
  } finally {
    tree.close();
  }
}

interface List<T> {
  readonly items: readonly T[];
  readonly add: (item: T) => void;
  count(): number;
}

/** Keeps the first ones, and counts all. */
function list<T>(): List<T> {
  const items: T[] = [];
  let count = 0;
  return {
    items,
    add: (item) => {
      count++;
      if (items.length < maxListed) items.push(item);
    },
    count: () => count,
  };
}
