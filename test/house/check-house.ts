import { posix } from 'node:path';
import { banReasons, type Layer, layers, maxLines, mayComputeImports, opensBoxes } from './layers.ts';
import { type SourceFacts, sourceFacts } from './source-facts.ts';

export interface Breach {
  readonly file: string;
  readonly line: number;
  /** The import as written, or the thing touched. */
  readonly what: string;
  readonly reason: string;
}

export const breachText = ({ file, line, what, reason }: Breach): string => `${file}:${line}  ${what}  — ${reason}`;

/** Checks sources, given as path from the repository's root → text, against the table in layers.ts. */
export function checkHouse(sources: ReadonlyMap<string, string>): Breach[] {
  const facts = new Map([...sources].map(([file, source]) => [file, sourceFacts(file, source)]));
  const breaches: Breach[] = [];
  for (const [file, fact] of facts) {
    breaches.push(...shapeBreaches(file, fact));
    const name = layerOf(file);
    if (name === 'test' || name === null) continue;
    const layer = layers[name];
    if (!layer) breaches.push({ file, line: 1, what: name, reason: 'this folder has no line in test/house/layers.ts' });
    else breaches.push(...importBreaches(file, name, layer, fact), ...touchBreaches(file, layer, fact));
  }
  return [...breaches, ...circleBreaches(facts), ...openingBreaches(facts)];
}

/** `src/plan/x.ts` → plan, `main/x.ts` → main; null for files in the root. */
function layerOf(path: string): string | null {
  const [top, next, rest] = path.split('/');
  if (next === undefined) return null;
  return top === 'src' ? (rest === undefined ? null : next) : (top ?? null);
}

/** The path that a relative import means; null for packages. */
const pathOf = (file: string, target: string): string | null =>
  target.startsWith('.') ? posix.join(posix.dirname(file), target) : null;

const packageOf = (target: string): string =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');

function shapeBreaches(file: string, fact: SourceFacts): Breach[] {
  const breaches: Breach[] = [];
  if (fact.lines > maxLines) {
    breaches.push({
      file,
      line: fact.lines,
      what: `${fact.lines} lines`,
      reason: `no file is longer than ${maxLines}`,
    });
  }
  if (fact.isBarrel || /(^|\/)index\.tsx?$/.test(file)) {
    breaches.push({
      file,
      line: 1,
      what: 'barrel',
      reason: 'import from the file that holds the thing: barrels hide who needs what and load everything',
    });
  }
  return breaches;
}

function importBreaches(file: string, name: string, layer: Layer, fact: SourceFacts): Breach[] {
  const breaches: Breach[] = [];
  for (const { target, typeOnly, line } of fact.imports) {
    if (target === null && mayComputeImports.has(file)) continue;
    const reason = target === null ? 'an import that is computed cannot be checked' : fault(target, typeOnly);
    if (reason !== null) breaches.push({ file, line, what: target ?? 'import(…)', reason });
  }
  return breaches;

  function fault(target: string, typeOnly: boolean): string | null {
    const path = pathOf(file, target);
    if (path === null) return packageFault(target);
    const other = layerOf(path);
    if (other === name) return null;
    if (other === null) return `${name} is ${layer.is}: it imports nothing from the root`;
    const right = layer.imports[other];
    if (right === 'all') return null;
    if (right === 'types' && typeOnly) return null;
    if (Array.isArray(right) && right.includes(posix.basename(path, '.ts'))) return null;
    return layer.never[other] ?? `${name} is ${layer.is}: it may import ${list(Object.keys(layer.imports))}`;
  }

  function packageFault(target: string): string | null {
    if (target.startsWith('node:')) {
      if (layer.node === 'all' || layer.node.includes(target)) return null;
      const allowed = layer.node.length === 0 ? 'nothing of Node' : list(layer.node);
      const module = target.split('/')[0] ?? target;
      return layer.never[module] ?? layer.never['node:'] ?? `${name} is ${layer.is}: it may import ${allowed}`;
    }
    const wanted = packageOf(target);
    if (layer.packages.some((allowed) => (allowed.endsWith('/') ? wanted.startsWith(allowed) : wanted === allowed))) {
      return null;
    }
    return layer.never[wanted] ?? `${name} is ${layer.is}: its packages are ${list(layer.packages)}`;
  }
}

function touchBreaches(file: string, layer: Layer, fact: SourceFacts): Breach[] {
  return fact.touches
    .filter(({ ban }) => layer.without.includes(ban))
    .map(({ ban, what, line }) => ({ file, line, what, reason: banReasons[ban] }));
}

/** Circles of imports between files; those of types alone count as well, since they are read in circles too. */
function circleBreaches(facts: ReadonlyMap<string, SourceFacts>): Breach[] {
  const done = new Set<string>();
  const path: string[] = [];
  const breaches: Breach[] = [];
  const visit = (file: string): void => {
    const fact = facts.get(file);
    if (!fact || done.has(file)) return;
    path.push(file);
    for (const { target, line } of fact.imports) {
      const next = target === null ? null : pathOf(file, target);
      if (next === null) continue;
      const from = path.indexOf(next);
      if (from < 0) visit(next);
      else {
        const circle = [...path.slice(from), next].join(' → ');
        breaches.push({ file, line, what: target ?? '', reason: `a circle: ${circle}` });
      }
    }
    path.pop();
    done.add(file);
  };
  for (const file of facts.keys()) visit(file);
  return breaches;
}

/** Everything that the server loads, through any number of imports, must be unable to open a sealed box. */
function openingBreaches(facts: ReadonlyMap<string, SourceFacts>): Breach[] {
  const breaches: Breach[] = [];
  const seen = new Set<string>();
  const visit = (file: string, via: readonly string[]): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const trail = [...via, file];
    const fact = facts.get(file);
    if (layerOf(file) !== 'server') {
      for (const { ban, what, line } of fact?.touches ?? []) {
        if (ban === 'decryption') breaches.push({ file, line, what, reason: because(trail) });
      }
    }
    for (const { target, typeOnly, line } of fact?.imports ?? []) {
      if (typeOnly || target === null) continue;
      const path = pathOf(file, target);
      const next = path ?? packageOf(target);
      if (opensBoxes.some((banned) => next === banned || (banned.endsWith('/') && next.startsWith(banned)))) {
        breaches.push({ file, line, what: target, reason: because(trail) });
      } else if (path !== null) visit(path, trail);
    }
  };
  for (const file of facts.keys()) if (layerOf(file) === 'server') visit(file, []);
  return breaches;
}

const because = (trail: readonly string[]): string => `${banReasons.decryption} (reached by ${trail.join(' → ')})`;

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
