import type { Mutant } from './mutant.ts';

/** In what touches the disk, keeps the index and reads the log. */
export const storeMutants: readonly Mutant[] = [
  {
    id: 'disk-not-as-expected',
    file: 'src/local/rename-safely.ts',
    find: "if (!isSameState(stat, expected)) throw diskError('changed');",
    replace: '',
    why: 'what was saved since the last look is moved, trashed or replaced as if it were what was planned on',
  },
  {
    id: 'moved-over-what-is-there',
    file: 'src/local/rename-safely.ts',
    find: `    if (!isSameContent(taken, before)) throw diskError('exists');
    if (isSpellingOnly(disk, from, to, options.isSameFolder)) disk`,
    replace: `    if (!isSameContent(taken, before) || isSpellingOnly(disk, from, to, options.isSameFolder)) disk`,
    why: 'a move replaces what a person just put there',
  },
  {
    id: 'placed-over-what-is-there',
    file: 'src/local/place-new.ts',
    find: 'placeNew(disk, stage.at(file.name), target, hasStableIds);',
    replace: 'disk.renameSync(stage.at(file.name), target);',
    why: 'a download replaces what a person just put there',
  },
  {
    id: 'rename-before-fsync',
    file: 'src/local/node-file-system.ts',
    find: 'await syncTargets(root, [...contents, ...foldersOf(folders)]);',
    replace: 'await syncTargets(root, foldersOf(folders));',
    why: 'a download gets its name before its bytes are on the medium: a power cut leaves holes under that name',
  },
  {
    id: 'folders-not-synced',
    file: 'src/local/node-file-system.ts',
    find: '[...new Set(paths)].map((path) => ({ folder: checkedNames(path), name: null }));',
    replace: '[...new Set(paths)].slice(0, 0).map((path) => ({ folder: checkedNames(path), name: null }));',
    why: 'what the index takes for settled is not on the medium: after a power cut it counts as deleted',
  },
  {
    id: 'replaced-not-kept',
    file: 'src/local/place-staged.ts',
    find: 'const kept = keepInTrash(root, { anchor, path }, old, batch);',
    replace:
      'const kept = { drop: () => undefined, item: { batch, path, copy: 1, size: old.size, mtimeUs: old.mtimeUs } };',
    why: 'what a download replaces is not in the trash (trash skipped)',
  },
  {
    id: 'deleted-not-kept',
    file: 'src/local/trash.ts',
    find: '        disk.renameSync(source.at(name), target.at(place.name));\n',
    replace: '        disk.unlinkSync(source.at(name));\n',
    why: 'what is deleted because another device did is not in the trash',
  },
  {
    id: 'parked-without-origin',
    file: 'src/local/parking.ts',
    find: "readPlace(key, 'origin') ?? (short as RelativePath)",
    replace: 'short as RelativePath',
    why: 'what was parked when the process died comes back under a name that nobody gave it',
  },
  {
    id: 'partial-listing-believed',
    file: 'src/local/list-folder.ts',
    find: '      problems.push({ display: name, name, fault: null, error: mapErrno(error) });',
    replace: '      mapErrno(error);',
    why: 'an entry that could not be looked at is left out of the listing, and counts as deleted',
  },
  {
    id: 'adopted-without-children',
    file: 'src/db/tree-writer.ts',
    find: '      reparentLocalChildren(localId, remoteId);\n',
    replace: '',
    why: 'what is in a folder that both sides have is in no folder at all',
  },
  {
    id: 'difference-not-flagged',
    file: 'src/db/node-store.ts',
    find: 'if (isNowDiverged === before.isDiverged) updateRows(given)',
    replace: 'if (isNowDiverged || !before.isDiverged) updateRows(given)',
    why: 'a change of a known file is in the index and never planned for',
  },
  {
    id: 'circle-in-the-log',
    file: 'src/vault/tree-rules.ts',
    find: "if (node.kind === 'folder' && isWithin(tree, to.parent, node.id)) return 'cycle';",
    replace: '',
    why: 'two devices move folders into each other, and both are below nothing',
  },
  {
    id: 'one-name-twice-in-the-log',
    file: 'src/vault/tree-rules.ts',
    find: "return sibling === null || sibling === node ? null : 'name-taken';",
    replace: 'return sibling === node ? null : null;',
    why: 'two files of one folder have one name in the vault',
  },
  {
    id: 'retained-and-released-swapped',
    file: 'src/vault/split-operations.ts',
    find: `    retained: sortedIds(retained),
    released: sortedIds(released),`,
    replace: `    retained: sortedIds(released),
    released: sortedIds(retained),`,
    why: 'each upload tells the server to forget what it just sent',
  },
  {
    id: 'root-fails-unread',
    file: 'src/local/local-root.ts',
    find: "throw code === 'ENOENT' || code === 'ENOTDIR' ? diskError('root-gone') : mapErrno(error);",
    replace: 'throw error;',
    why: 'a disk that fails right after its folder was judged ends the pair until the app is started again',
  },
];
