import { ArrowRightLeft, FilePen, FilePlus2, FileX2, FolderPlus, FolderX, History } from 'lucide-react';
import type { ActivityItem } from '../../src/model/status.ts';

const icons: Readonly<Record<string, typeof FilePen>> = {
  create: FilePlus2,
  place: ArrowRightLeft,
  revise: FilePen,
  restore: History,
  delete: FileX2,
};
const ofFolders: Readonly<Record<string, typeof FilePen>> = { create: FolderPlus, delete: FolderX };

/** What was done to a file or folder, as a picture; the word stands beside it. */
export function ChangeIcon({ change }: { readonly change: Pick<ActivityItem['changes'][number], 'what' | 'kind'> }) {
  const { what, kind } = change;
  const Icon = (kind === 'folder' ? ofFolders[what] : undefined) ?? icons[what] ?? FilePen;
  return <Icon aria-hidden="true" />;
}
