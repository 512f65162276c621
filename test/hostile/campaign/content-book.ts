import { type Tree, withoutMarks } from '../../helpers/scenario-files.ts';

/** All that honest devices ever had, and where: each content is a version of one file, and each file has places. */
export interface ContentBook {
  /** A new content. `of`: the one of the same file that it is written over; null: a new file. */
  made(content: string, of: string | null): void;
  note(tree: Tree): void;
  knows(content: string): boolean;
  /** What stands in this tree that no honest device ever had: contents, or files at places of others. */
  strangersIn(tree: Tree): readonly string[];
}

/** `cc(name)`, in any component, as {@link withoutMarks} makes them. */
const unmarked = (path: string): string => path.replace(/\bcc\d*\(([^/]*)\)/g, '$1');

export function contentBook(): ContentBook {
  const files = new Map<string, number>();
  const places = new Set<string>();
  let count = 0;
  const placeOf = (path: string, content: string): string =>
    `${unmarked(path).split('/').at(-1)} of ${path.endsWith('/') ? 'a folder' : files.get(content)}`;
  return {
    made: (content, of) => {
      files.set(content, (of === null ? undefined : files.get(of)) ?? count++);
    },
    note: (tree) => {
      for (const [path, content] of Object.entries(withoutMarks(tree))) places.add(placeOf(path, content));
    },
    knows: (content) => files.has(content),
    strangersIn: (tree) =>
      Object.entries(withoutMarks(tree)).flatMap(([path, content]) => {
        const isKnown = path.endsWith('/') || (files.has(content) && places.has(placeOf(path, content)));
        return isKnown ? [] : [`${path}: ${content}`];
      }),
  };
}
