import type { Mutant } from './mutant.ts';

/** In what observes and carries out. */
export const engineMutants: readonly Mutant[] = [
  {
    id: 'released-though-needed',
    file: 'src/engine/log/retention.ts',
    find: 'for (const object of await objectsOfRevision(context, revision)) candidates.delete(object);',
    replace: '',
    why: 'what an old version shares with others is dropped by the server together with it',
  },
  {
    id: 'checkpoint-of-current-ones',
    file: 'src/engine/log/state-rows.ts',
    find: '[...read.revisionsOf(row.id)].reverse()',
    replace: '[...read.revisionsOf(row.id)].slice(0, 1)',
    why: 'who logs in by a checkpoint finds no former version of anything',
  },
  {
    id: 'copies-are-sent',
    file: 'src/engine/transfer/chunk-store.ts',
    find: 'unwritten.byHash(localHash) ?? rows.get(key) ?? null',
    replace: 'unwritten.byHash(localHash) ?? null',
    why: 'a copy, or a file that is brought back, is sent once more',
  },
  {
    id: 'folder-of-a-former-pair',
    file: 'src/engine/observe/root-check.ts',
    find: 'if (marker?.pairId !== parts.pair && counts.localNodes > 0)',
    replace: 'if (marker !== null && marker.pairId !== parts.pair && counts.localNodes >= 0)',
    why: 'a folder that was taken off a vault can never be put in again',
  },
  {
    id: 'second-name-for-half-a-move',
    file: 'src/engine/observe/scan-file-moves.ts',
    find: 'return wanted !== null && wanted.parent === parent.id && isSameName(wanted.name, entry.name);',
    replace: 'return wanted !== null;',
    why: 'what a person links to a second name is never synced there',
  },
  {
    id: 'another-chunk-reused',
    file: 'src/engine/up/upload-content.ts',
    find: 'const ref = chunks[piece.index];',
    replace: 'const ref = chunks[0];',
    why: 'a large file that was edited holds something else on all other devices',
  },
  {
    id: 'void-not-left-out',
    file: 'src/engine/up/admissible.ts',
    find: "return applyOperations(tree, [draft.operation], stamp).every((applied) => applied.status === 'applied');",
    replace: 'return applyOperations(tree, [draft.operation], stamp).every((applied) => applied.status !== undefined);',
    why: 'operations without effect are written to the log and count as done',
  },
  {
    id: 'lost-swap-not-replanned',
    file: 'src/engine/up/append-ready.ts',
    find: 'if (touched.has(operation.node)) return true;',
    replace: '',
    why: 'after another device was first, its change is overwritten instead of planned with (rebase dropped)',
  },
  {
    id: 'half-an-exchange',
    file: 'src/engine/up/admissible.ts',
    find: 'if (whole.length === possible.length) return whole;',
    replace: 'if (whole.length <= possible.length) return possible;',
    why: 'what another device touched meanwhile is left out of an exchange of names, and the rest stays under a temporary one',
  },
  {
    id: 'parts-without-namesakes',
    file: 'src/plan/planned-together.ts',
    find: 'const wider = withNamesakes(trees, all, rules);',
    replace: 'const wider = all;',
    why: 'a plan for a part of what is new takes a file that both sides have for two',
  },
  {
    id: 'parts-without-arrivals',
    file: 'src/plan/namesakes.ts',
    find: '      if (remote === null) break;\n',
    replace: '      if (remote === null || trees.local(at) !== null) break;\n',
    why: 'in plans for parts of what is new, what moves to the name of a new file gets another name here, for good',
  },
  {
    id: 'parts-without-new-folders',
    file: 'src/plan/planned-together.ts',
    find: ': ReadonlySet<NodeId> => withNewFolders(trees, some);',
    replace: ': ReadonlySet<NodeId> => new Set(some);',
    why: 'in plans for parts of what is new a file that moves below a new folder of its own name waits for ever',
  },
  {
    id: 'delete-over-unseen-edit',
    file: 'src/engine/up/append-ready.ts',
    find: "return operation.type === 'up-delete' && [...touched].some((node) => isBelow(read, node, operation.node));",
    replace: 'return false;',
    why: 'a folder is deleted together with an edit in it that came in just before',
  },
  {
    id: 'synced-row-of-nobody',
    file: 'src/engine/settle/agreed-after.ts',
    find: "const revision = op.type === 'up-create-file' ? op.revision : (before?.revision ?? null);",
    replace: "const revision = op.type === 'up-create-file' ? op.revision : (local?.revision ?? null);",
    why: 'after a move the base says that an edit here is in the vault, which it is not (stale base)',
  },
  {
    id: 'base-invented-by-move',
    file: 'src/engine/down/change-structure.ts',
    find: 'const revision = synced?.revision ?? (row.revision === remote.revision ? remote.revision : null);',
    replace: 'const revision = remote.revision;',
    why: 'a file that moved elsewhere counts as having its new content here already: the edit made there is overwritten',
  },
  {
    id: 'base-of-another-time',
    file: 'src/engine/down/change-structure.ts',
    find: 'write.putSynced({ ...agreed(op, remote), revision });',
    replace: 'write.putSynced({ ...agreed({ ...op, parent: remote.parent, name: remote.name }, remote), revision });',
    why: 'what is renamed again in the vault while its first new name is carried out keeps that one here, and both count as agreed',
  },
  {
    id: 'base-invented-by-settling',
    file: 'src/engine/settle/execute-settle.ts',
    find: 'revision: local.revision === remote.revision ? remote.revision : (read.synced(node)?.revision ?? null),',
    replace: 'revision: remote.revision,',
    why: 'a file that took another one’s place counts as having seen its newest content (missing check of the base)',
  },
  {
    id: 'index-before-sync',
    file: 'src/engine/down/place-downloaded.ts',
    find: '        unsettled.push({ ...target, settle: outcome.value });',
    replace: `        index.transaction(outcome.value);
        index.transaction((write) => rememberChunks(write, op.revision, staged.chunks));
        report.done++;`,
    why: 'the index says that a download is there before its name is on the medium: a power cut makes it a delete',
  },
  {
    id: 'index-before-placing',
    file: 'src/engine/down/place-downloaded.ts',
    find: '  const stats = await context.fs.placeAll(',
    replace: `  context.index.transaction((write) => {
    for (const { staged: { op, remote } } of ordered) {
      if (op.type !== 'down-create-file') continue;
      write.putLocal(localRow(op.node, op.parent, op.localName, { ...remote, ctimeUs: 0, birthUs: 0, dev: 0, ino: 0, linkCount: 1 }, remote));
      write.putSynced(agreed(op, remote));
    }
  });
  const stats = await context.fs.placeAll(`,
    why: 'the index says that a download is there before it is: a crash in between makes it a delete (stale base after a crash)',
  },
  {
    id: 'conflict-to-trash',
    file: 'src/engine/down/place-downloaded.ts',
    find: 'const stat = await fs.move(path, copyPath, row);',
    replace: 'await fs.trashFile(path, row, batch); const stat = { ctimeUs: 0 };',
    why: 'of two edits the one made here ends in the trash instead of beside the other one',
  },
  {
    id: 'parked-for-ever',
    file: 'src/engine/open-pair.ts',
    find: '    await fs.recoverStage((key) => isStillWanted(context, key));\n',
    replace: '',
    why: 'what was on its way from one name to another when the process died never comes back',
  },
  {
    id: 'root-not-checked',
    file: 'src/engine/open-pair.ts',
    find: '    await root.check();\n',
    replace: "    if ((read.meta('root') ?? null) === null) await root.check();\n",
    why: 'an empty folder where a disk was unplugged counts as everything deleted (root guard dropped)',
  },
  {
    id: 'unreadable-is-empty',
    file: 'src/engine/observe/scan-folder.ts',
    find: "else unsynced.set(place.path, { what: 'unreadable', error: outcome.error });",
    replace: 'else for (const row of read.localRowsOf(place.id)) scan.vanished.set(row.id, row);',
    why: 'a folder that cannot be read counts as empty, and what is in it as deleted',
  },
  {
    id: 'unknown-entry-is-gone',
    file: 'src/engine/observe/scan-folder.ts',
    find: '.filter((row) => !scan.relocated.has(row.id) && !isUnknowable(row.name) && !isIgnored(row));',
    replace: '.filter((row) => !scan.relocated.has(row.id) && !isIgnored(row));',
    why: 'a file whose attributes cannot be read counts as deleted',
  },
  {
    id: 'fresh-times-trusted',
    file: 'src/engine/observe/scan-rows.ts',
    find: 'ctimeUs: isRacy ? 0 : entry.ctimeUs,',
    replace: 'ctimeUs: entry.ctimeUs,',
    why: 'a second save within one tick of the clock is never seen',
  },
  {
    id: 'same-size-same-content',
    file: 'src/engine/observe/scan-rows.ts',
    find: '&& (await options.isContentSame(row, place));',
    replace: '&& place !== null;',
    why: 'an edit that keeps the size is taken for a touch and never synced',
  },
  {
    id: 'moved-not-read',
    file: 'src/engine/observe/scan-rows.ts',
    find: 'if (isMoved && entry.size > maxMovedBytes) {',
    replace: 'if (isMoved) {',
    why: 'an edit that keeps size and time is never synced where the file was moved before anybody looked',
  },
  {
    id: 'moved-out-is-deleted',
    file: 'src/engine/observe/scan-rows.ts',
    find: '  scan.relocated.add(row.id);\n  scan.vanished.delete(row.id);\n',
    replace: '  scan.vanished.delete(row.id);\n',
    why: 'what moved out of a folder that went is deleted with it',
  },
  {
    id: 'no-name-is-deleted',
    file: 'src/engine/observe/scan-names.ts',
    find: 'if (!vanished.every((row) => isOurs(row) || isSeen(row))) list(look);',
    replace: '',
    why: 'a renamed file of which only the former name is hinted at is deleted, and another one made',
  },
  {
    id: 'named-before-is-forgotten',
    file: 'src/model/dirty-folders.ts',
    find: 'new Set([...(known ?? []), ...names])',
    replace: 'new Set(names)',
    why: 'of two files saved in one folder at once only the second one is looked at',
  },
  {
    id: 'hint-lost-during-scan',
    file: 'src/engine/loop/observe.ts',
    find: `    pending.local = new Map();
    let report: ScanReport;
    try {
      report = await scan(context, scope);`,
    replace: `    let report: ScanReport;
    try {
      report = await scan(context, scope);
      pending.local = new Map();`,
    why: 'what changes while a scan runs is not looked at, and the status says up to date',
  },
  {
    id: 'rescan-dropped',
    file: 'src/engine/loop/pair-loop.ts',
    find: `      addLocal('all');
      schedule(0);
    },
  });`,
    replace: `      schedule(0);
    },
  });`,
    why: 'a change whose hint was lost is never found',
  },
  {
    id: 'asked-in-the-middle',
    file: 'src/engine/loop/pair-loop.ts',
    find: 'void queue.run(asked.runWaiting);',
    replace: 'void asked.runWaiting();',
    why: 'what a person asks for happens in the middle of a cycle, which goes on by what was before',
  },
  {
    id: 'cut-short-is-whole',
    file: 'src/engine/up/upload-content.ts',
    find: 'return isPartial ? null : stored;',
    replace: 'return stored;',
    why: 'a file whose upload ended early for what a person asks becomes a version that holds nothing, or its beginning',
  },
  {
    id: 'poll-dropped',
    file: 'src/engine/loop/pair-loop.ts',
    find: `        pending.isRemoteDirty = true;
        schedule(0);`,
    replace: '        schedule(0);',
    why: 'a change of another device whose hint was lost is never fetched',
  },
  {
    id: 'says-up-to-date-early',
    file: 'src/engine/status/pair-state.ts',
    find: 'if (!facts.isObserved || facts.isPending || facts.isBehind)',
    replace: 'if (!facts.isObserved)',
    why: 'the status says up to date while changes wait to be looked at',
  },
  {
    id: 'failed-pull-forgotten',
    file: 'src/engine/loop/observe.ts',
    find: `      pending.isRemoteDirty = true;
      const isWaiting`,
    replace: '      const isWaiting',
    why: 'after a failed look at the vault nobody looks again, and the status says up to date',
  },
  {
    id: 'upload-of-another-file',
    file: 'src/engine/up/upload-content.ts',
    find: `=>
  stat.size === row.size &&`,
    replace: `=>
  stat.size >= 0 ||
  stat.size === row.size &&`,
    why: 'what is uploaded is not what the index knows (fingerprint not compared)',
  },
  {
    id: 'torn-upload',
    file: 'src/engine/up/upload-content.ts',
    find: `const isWhole = (await file.isUnchanged()) && isAsIndexed(row, file.stat);`,
    replace: `const isWhole = isAsIndexed(row, file.stat);`,
    why: 'a file that changes while it is read becomes a version that nobody ever saved',
  },
  {
    id: 'torn-small-upload',
    file: 'src/local/read-files.ts',
    find: `return isSame ? ok({ stat: seen.stat, bytes }) : err(diskError('changed'));`,
    replace: `return isSame || bytes.length > 0 ? ok({ stat: seen.stat, bytes }) : err(diskError('changed'));`,
    why: 'the same for files that are sent together',
  },
  {
    id: 'compared-by-size',
    file: 'src/engine/settle/compare-content.ts',
    find: 'const same = await context.crypto.ifSealedFrom(chunk, plain);',
    replace: 'const same = plain.length === chunk.plainLength ? plain : null;',
    why: 'two files of one size count as equal, and one of them is lost',
  },
  {
    id: 'resumed-unchecked',
    file: 'src/engine/down/download-content.ts',
    find: 'if (isWhole) return crypto.ifSealedFrom(chunk, plain);',
    replace: 'if (isWhole) return plain;',
    why: 'what an interrupted download left is taken as it is, holes included (resume without check)',
    scale: [
      {
        file: 'src/engine/transfer/file-weight.ts',
        find: 'const largeFrom = 16 * 1024 * 1024;',
        replace: 'const largeFrom = 1;',
      },
    ],
  },
  {
    id: 'joins-another-content',
    file: 'src/engine/transfer/under-way.ts',
    find: 'const running = known?.key === key ? known : begin(work, giveUp(node));',
    replace: 'const running = known ?? begin(work, giveUp(node));',
    why: 'what was under way when a file changed is taken for what it is by now',
  },
  {
    id: 'blocked-for-ever',
    file: 'src/engine/loop/block-failed.ts',
    find: '  if (over.length > 0) {',
    replace: '  if (over.length < 0) {',
    why: 'a file that could not be read once, and is gone, waits for ever, and is tried ten times a second',
  },
  {
    id: 'exec-bit-not-aligned',
    file: 'src/engine/settle/execute-settle.ts',
    find: 'if (row.exec === exec || !context.hasExecBit) return { ...row, exec };',
    replace: 'if (row.name.length > 0) return { ...row, exec };',
    why: 'two files found equal differ in their executable bit for ever',
  },
  {
    id: 'missing-object-not-forgotten',
    file: 'src/engine/log/vault-log.ts',
    find: 'index.transaction((write) => write.forgetChunks(outcome.missing as readonly ObjectId[]));',
    replace: '',
    why: 'an upload that the server collected meanwhile is referred to for ever, and never sent again',
  },
  {
    id: 'reused-without-retaining',
    file: 'src/engine/up/append-ready.ts',
    find: '(object) => !unwritten.has(object) && (read.chunkByObject(object)?.isReferenced ?? false),',
    replace: '(object) => unwritten.has(object) || read.chunkByObject(object) !== null,',
    why: 'no version retains its objects, and the server collects them after a while',
  },
  {
    id: 'position-before-changes',
    file: 'src/engine/log/standing.ts',
    find: `          store(write);
          change(write);
        });`,
    replace: `          store(write);
        });
        index.transaction(change);`,
    why: 'after a crash entries count as applied that are not: the device never sees them',
  },
  {
    id: 'own-entry-twice',
    file: 'src/engine/up/prepare-contents.ts',
    find: 'if (isUsed(op)) {',
    replace: 'if (row.size < 0 && isUsed(op)) {',
    why: 'after a lost reply or a restored backup a revision goes up a second time, without effect and without end',
  },
  {
    id: 'dropped-unsent',
    file: 'src/engine/selection/put-away.ts',
    find: 'return synced !== null && row.revision === synced.revision && !isMovedLocally(row, synced);',
    replace: 'return synced !== null;',
    why: 'what was edited here and not sent yet is dropped with what is deselected',
  },
  {
    id: 'ignored-counts-as-gone',
    file: 'src/engine/observe/scan-folder.ts',
    find: "context.ignore.isIgnored(joinName(place.path, row.name), row.kind === 'folder');",
    replace: "context.ignore.isIgnored(joinName(place.path, row.name), row.kind === 'folder') && row.size < 0;",
    why: 'what rules leave out from now on is deleted everywhere',
  },
  {
    id: 'trash-forgotten-early',
    file: 'src/engine/log/retention.ts',
    find: 'const trashed = now - policy.trashMs;',
    replace: 'const trashed = now - policy.trashMs / 3;',
    why: 'what was deleted or overwritten by another device is gone from the trash after ten days',
  },
  {
    id: 'released-while-needed',
    file: 'src/engine/log/retention.ts',
    find: 'for (const object of await objectsOfRevision(context, revision)) candidates.delete(object);',
    replace: 'void revision;',
    why: 'the server is told to forget what a copy of a deleted file is made of',
  },
  {
    id: 'checkpoint-without-its-end',
    file: 'src/engine/log/bootstrap-from-checkpoint.ts',
    find: '    state.finish(write);\n',
    replace: '',
    why: 'who begins with a checkpoint does not know of the last thing in it, and makes it again or never has it',
  },
  {
    id: 'key-kept-after-a-removal',
    file: 'src/vault/seal-entry.ts',
    find: 'return current !== undefined && hasRevocationBetween(chain, current.accountPosition, chain.position);',
    replace: 'return current !== undefined && hasRevocationBetween(chain, chain.position, chain.position);',
    why: 'after a device was removed what changes is still sealed with the key that it knows',
  },
  {
    id: 'own-key-forgotten',
    file: 'src/engine/log/vault-log.ts',
    find: 'if (grants !== null) setGrants(write, opened.header.epoch, grants);',
    replace: '',
    why: 'who made the newest key of the vault cannot open the pair any more after a restart',
  },
  {
    id: 'tried-twice-at-most',
    file: 'src/engine/loop/block-failed.ts',
    find: '  row.retryAt <= now ||',
    replace: '  (row.retryAt <= now && row.attempts < 3) ||',
    why: 'what a full server refused three times is not tried again when it has room',
  },
  {
    id: 'lost-on-the-way-to-a-new-disk',
    file: 'src/engine/observe/local-changes.ts',
    find: 'if (isFormer(each)) write.removeSynced(each.id);',
    replace: '',
    why: 'what a copy of the folder lacks, in which a person goes on, is deleted everywhere',
  },
];
