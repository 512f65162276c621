/** Counts which branches of src run: every function, arm, case, loop and right side of `&&`, `||`, `??` adds to a counter. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';

const places = 1 << 16;
/** One byte a place; wraps to 1, not to 0. */
export const counters = new Uint8Array(places);
let next = 0;

Object.assign(globalThis, { __at: (place: number) => (counters[place] = ((counters[place] as number) % 255) + 1) });

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Closing texts come before opening ones at the same place. */
  readonly closes: boolean;
}

type Node = { readonly type: string; readonly start: number; readonly end: number } & Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof (value as { type?: unknown } | null)?.type === 'string';

/** The source with a counter at the head of each branch. Lines stay where they are. */
function instrumented(file: string, source: string): string {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
  const insertions: Insertion[] = [];
  const count = (): string => `__at(${next++ % places})`;
  const wrap = (node: Node): void => {
    insertions.push({ at: node.start, text: `(${count()},`, closes: false }, { at: node.end, text: ')', closes: true });
  };
  const enter = (node: unknown): void => {
    if (!isNode(node)) return;
    if (node.type === 'BlockStatement') {
      insertions.push({ at: node.start + 1, text: `${count()};`, closes: false });
    } else {
      insertions.push(
        { at: node.start, text: `{${count()};`, closes: false },
        { at: node.end, text: '}', closes: true },
      );
    }
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'IfStatement':
        enter(node['consequent']);
        if (isNode(node['alternate']) && node['alternate'].type !== 'IfStatement') enter(node['alternate']);
        break;
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
        enter(node['body']);
        break;
      case 'ConditionalExpression':
        for (const arm of [node['consequent'], node['alternate']]) if (isNode(arm)) wrap(arm);
        break;
      case 'LogicalExpression':
        if (isNode(node['right'])) wrap(node['right']);
        break;
      case 'CatchClause':
        enter(node['body']);
        break;
      case 'SwitchCase': {
        const [first] = node['consequent'] as readonly Node[];
        if (first !== undefined) insertions.push({ at: first.start, text: `${count()};`, closes: false });
        break;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (isNode(node['body'])) insertions.push({ at: node['body'].start + 1, text: `${count()};`, closes: false });
        break;
      case 'ArrowFunctionExpression':
        if (isNode(node['body'])) {
          if (node['expression'] === true) wrap(node['body']);
          else insertions.push({ at: node['body'].start + 1, text: `${count()};`, closes: false });
        }
        break;
      default:
        if (node.type.startsWith('TS') && !tsWithCode.has(node.type)) return;
    }
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) for (const item of value) if (isNode(item)) visit(item);
      if (isNode(value)) visit(value);
    }
  };
  visit(program as unknown as Node);
  insertions.sort((a, b) => a.at - b.at || Number(b.closes) - Number(a.closes));
  let text = '';
  let at = 0;
  for (const insertion of insertions) {
    text += source.slice(at, insertion.at) + insertion.text;
    at = insertion.at;
  }
  return text + source.slice(at);
}

const tsWithCode = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

/** From here on, all that is loaded from src counts. */
export function instrumentSources(): void {
  const sources = pathToFileURL(join(import.meta.dirname, '../../src/')).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith(sources) || !url.endsWith('.ts')) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array());
      return { ...loaded, source: instrumented(fileURLToPath(url), text) };
    },
  });
}

export const countedPlaces = (): number => next;
