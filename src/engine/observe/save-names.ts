/**
 * Names that programs give while they save. They only decide how long to wait and which of two files is the one that the
 * person means, never whether something is synced: in doubt a longer wait is all that a wrong guess costs.
 */

const afterName = [/~$/, /\.~\d+~$/, /\.(?:bak|old|orig|tmp|backup|save)$/i, /~RF[0-9a-f]+\.tmp$/i, /___jb_old___$/];
const beforeName = [/^~/, /^backup of /i];
/** MS Office moves the former file to eight hexadecimal digits, or to ~WRL0001.tmp. */
const unrelated = /^(?:[0-9A-F]{8}(?:\.tmp)?|~.*\.tmp)$/;

/** Whether a name may be that of any former file, without asking of which one. */
export const mayBeBackupName = (name: string): boolean =>
  unrelated.test(name) || [...afterName, ...beforeName].some((mark) => mark.test(name));

/** Whether `name` is where a program keeps the former state of `original`, beside it, while it saves or for good. */
export function isBackupName(name: string, original: string): boolean {
  if (name === original) return false;
  if (unrelated.test(name)) return true;
  const dot = original.lastIndexOf('.');
  const stem = dot > 0 ? original.slice(0, dot) : original;
  const isOriginal = (rest: string): boolean => {
    const bare = rest.replace(/^\./, '');
    return bare === original || bare === stem;
  };
  return (
    afterName.some((mark) => mark.test(name) && isOriginal(name.replace(mark, ''))) ||
    beforeName.some((mark) => mark.test(name) && isOriginal(name.replace(mark, '')))
  );
}

const unfinished = [
  // rsync: .name.XXXXXX
  /^\..+\.[A-Za-z0-9]{6}$/,
  // sed -i
  /^sed[A-Za-z0-9]{6}$/,
  // MS Office: eight hexadecimal digits, ~WRD0001.tmp, ~DF….TMP; LibreOffice: lu….tmp
  /^[0-9A-F]{8}$/,
  /\.tmp$/i,
  /^~./,
  // JetBrains
  /___jb_tmp___$/,
  // Emacs saves by itself: #name#
  /^#.*#$/,
];

/** Whether it is probably renamed or removed in a moment. */
export const isUnfinishedName = (name: string): boolean => unfinished.some((form) => form.test(name));
