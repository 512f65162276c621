import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { repository } from './run.ts';

/** Folders of which a window hears nothing, or only by way of another. */
const silent =
  /^(cli|server|wire|app\/rescue)\b|^(app\/(rescue|own-server\/(serve|run-server)|host\/process-port)\b(?!-)|rpc\/contract)/;
/** What is told to whoever programs, or to whoever types commands, and not to a person at a window. */
const silentCalls = new Set(['assert', 'must', 'unreachable', 'log', 'info', 'warn', 'describe', 'prepare', 'exec']);
const silentFields = new Set(['hint', 'cause', 'reason', 'type', 'kind', 'name']);

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Two words at least, and nothing that a sentence does not hold. */
const isSpoken = (text: string): boolean =>
  /^[“%\p{L}]/u.test(text) &&
  /\p{L}{2,} \p{L}|% \p{L}|\p{L} %/u.test(text) &&
  !/[{}=<>]|\b[A-Z]{4,}\b|^[\w-]+$|\$/u.test(text);

/** All that the engine may say to a person, from its own code: sentences, and parts of them, with `%` for what is put in. */
export function spokenTexts(): Map<string, string> {
  const found = new Map<string, string>();
  const root = join(repository, 'src');
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || silent.test(file)) continue;
    const { program } = parseSync(file, readFileSync(join(root, file), 'utf8'));
    visit(program, (text) => {
      if (isSpoken(text)) found.set(text, file);
    });
  }
  return found;
}

function visit(value: unknown, say: (text: string) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, say);
    return;
  }
  if (!isNode(value) || isSilent(value)) return;
  if (value.type === 'Literal' && typeof value['value'] === 'string') say(value['value']);
  if (value.type === 'TemplateLiteral') {
    const quasis = value['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
    say(quasis.map((each) => each.value.cooked).join('%'));
  }
  for (const inner of Object.values(value)) visit(inner, say);
}

function isSilent(node: Node): boolean {
  const name = (part: unknown): unknown =>
    isNode(part) ? (part['name'] ?? (isNode(part['property']) ? part['property']['name'] : part['value'])) : undefined;
  if (node.type.startsWith('TS') && node.type !== 'TSAsExpression' && node.type !== 'TSSatisfiesExpression')
    return true;
  if (node.type.startsWith('Import') || node.type === 'TaggedTemplateExpression') return true;
  if (node.type === 'CallExpression') return silentCalls.has(String(name(node['callee'])));
  if (node.type === 'NewExpression') {
    const callee = name(node['callee']);
    const first = (node['arguments'] as readonly unknown[])[0];
    return (
      callee === 'Error' ||
      callee === 'TypeError' ||
      callee === 'RangeError' ||
      (callee === 'HoldfastError' && name(first) === 'bug')
    );
  }
  return node.type === 'Property' && silentFields.has(String(name(node['key'])));
}
