import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameFault } from '../../../src/common/name.ts';
import {
  childPath,
  isWithin,
  lastName,
  parentPath,
  parsePath,
  pathNames,
  rootPath,
} from '../../../src/common/relative-path.ts';

const hostile = fc.constantFrom('..', '.', '', 'a/b', '/', '\0', '.holdfast', '.HOLDFAST', '\ud800', 'x'.repeat(1021));
const anyName = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: 'grapheme' }), hostile);
const goodName = anyName.filter((name) => nameFault(name) === null);

it('takes a name if and only if it has no fault', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const child = childPath(rootPath, name);
      expect(child.ok).toBe(nameFault(name) === null);
      if (!name.includes('/') && name !== '') expect(parsePath(name) !== null).toBe(child.ok);
    }),
  );
});

it('takes apart what it put together, and never leaves the root', () => {
  fc.assert(
    fc.property(fc.array(goodName, { minLength: 1, maxLength: 8 }), (names) => {
      let path = rootPath;
      for (const name of names) {
        const child = childPath(path, name);
        if (!child.ok) throw new Error('a good name was refused');
        expect([parentPath(child.value), lastName(child.value)]).toEqual([path, name]);
        expect([isWithin(child.value, path), isWithin(path, child.value)]).toEqual([true, false]);
        path = child.value;
      }
      expect(pathNames(path)).toEqual(names);
      expect(parsePath(path)).toBe(path);
      expect(pathNames(path).some((name) => name === '..' || name === '.' || name === '')).toBe(false);
    }),
  );
});

it('parses nothing but paths', () => {
  for (const value of [null, 1, {}, '/', '/a', 'a/', 'a//b', 'a/../b', './a', 'a/.holdfast/b']) {
    expect(parsePath(value)).toBeNull();
  }
});
