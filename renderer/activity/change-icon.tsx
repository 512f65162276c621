import { ArrowRightLeft, FilePen, FilePlus2, FileX2, History } from 'lucide-react';

const icons: Readonly<Record<string, typeof FilePen>> = {
  create: FilePlus2,
  place: ArrowRightLeft,
  revise: FilePen,
  restore: History,
  delete: FileX2,
};

/** What was done to a file or folder, as a picture; the word stands beside it. */
export function ChangeIcon({ what }: { readonly what: string }) {
  const Icon = icons[what] ?? FilePen;
  return <Icon aria-hidden="true" />;
}
