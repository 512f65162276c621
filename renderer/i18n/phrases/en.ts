/** What machines say more exactly than a person wants to read it. */
export const englishPhrases: Readonly<Record<string, string>> = {
  'File %p: %b bytes of %t, revision %p.': '%b, changed %t.',
  'Folder %p, placed there by change %n of %t.': 'A folder, there since %t.',
  'File %p, placed there by change %n of %t: %b bytes of %t, revision %p.': '%b, changed %t2, there since %t.',
  'Deleted from %p by change %n of %t.': 'Deleted %t; it was %p.',
  'File %p, revision %p.': 'The file %p.',
  'Folder %p.': 'The folder %p.',
  'Never agreed.': 'Never yet.',
};
