import { type Node, parseSync, Visitor } from 'oxc-parser';
import type { Ban } from './layers.ts';

export interface Import {
  /** As written; null if it is computed. */
  readonly target: string | null;
  /** Erased when types are stripped: the module is not loaded. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Touch {
  readonly ban: Ban;
  readonly what: string;
  readonly line: number;
}

/** What the rules need to know of one source. */
export interface SourceFacts {
  readonly imports: readonly Import[];
  readonly touches: readonly Touch[];
  readonly lines: number;
  readonly isBarrel: boolean;
}

/** Not queueMicrotask: it needs no time, and stays in order. */
const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);
const localeMethods = /^(localeCompare|toLocale\w*)$/;
const opening =
  /^(createDecipheriv|createCipheriv|privateDecrypt|publicDecrypt|diffieHellman|createECDH|decapsulate|scrypt(Sync)?|pbkdf2(Sync)?|argon2(Sync)?)$/;

/**
 * Reads imports of every form (static, re-export, dynamic, `require`, `import()` types, `new URL('…', import.meta.url)` as
 * workers are started) and the uses of the platform that some folders must do without.
 */
export function sourceFacts(file: string, source: string): SourceFacts {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (node: { start: number }): number => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= node.start) low = middle;
      else high = middle;
    }
    return low + 1;
  };

  const imports: Import[] = [];
  const touches: Touch[] = [];
  const imported = (node: Node, target: string | null, typeOnly: boolean): void => {
    imports.push({ target, typeOnly, line: lineOf(node) });
  };
  const touched = (node: Node, ban: Ban, what: string): void => {
    touches.push({ ban, what, line: lineOf(node) });
  };

  new Visitor({
    ImportDeclaration(node) {
      imported(node, node.source.value, node.importKind === 'type');
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ImportSpecifier') continue;
        const name = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
        if (opening.test(name)) touched(specifier, 'decryption', name);
      }
    },
    ExportNamedDeclaration(node) {
      if (node.source) imported(node, node.source.value, node.exportKind === 'type');
    },
    ExportAllDeclaration(node) {
      imported(node, node.source.value, node.exportKind === 'type');
    },
    ImportExpression(node) {
      imported(node, text(node.source), false);
    },
    TSImportType(node) {
      imported(node, text(node.source), true);
    },
    TSImportEqualsDeclaration(node) {
      if (node.moduleReference.type === 'TSExternalModuleReference') {
        imported(node, node.moduleReference.expression.value, node.importKind === 'type');
      }
    },
    CallExpression(node) {
      const { callee } = node;
      if (callee.type === 'Identifier') {
        if (callee.name === 'require') imported(node, text(node.arguments[0]), false);
        if (callee.name === 'Date') touched(node, 'time', 'Date()');
        if (timers.has(callee.name)) touched(node, 'timers', `${callee.name}()`);
      }
      if (isMember(callee, 'require', 'resolve')) imported(node, text(node.arguments[0]), false);
    },
    NewExpression(node) {
      const { callee } = node;
      if (callee.type !== 'Identifier') return;
      if (callee.name === 'Date' && node.arguments.length === 0) touched(node, 'time', 'new Date()');
      if (callee.name === 'URL' && node.arguments[1]?.type === 'MemberExpression') {
        const target = text(node.arguments[0]);
        if (target?.endsWith('.ts')) imported(node, target, false);
      }
    },
    MemberExpression(node) {
      const { object, property } = node;
      if (property.type === 'Identifier' && !node.computed) {
        if (localeMethods.test(property.name)) touched(node, 'locale', property.name);
        if (opening.test(property.name)) touched(node, 'decryption', property.name);
      }
      if (object.type !== 'Identifier') return;
      if (isMember(node, 'Date', 'now')) touched(node, 'time', 'Date.now');
      if (isMember(node, 'performance', 'now')) touched(node, 'time', 'performance.now');
      if (isMember(node, 'Math', 'random')) touched(node, 'randomness', 'Math.random');
      if (isMember(node, 'crypto', 'getRandomValues') || isMember(node, 'crypto', 'randomUUID')) {
        touched(node, 'randomness', 'crypto');
      }
      if (object.name === 'Intl') touched(node, 'locale', 'Intl');
      if (object.name === 'process') touched(node, 'process', 'process');
      if (object.name === 'globalThis' && property.type === 'Identifier' && timers.has(property.name)) {
        touched(node, 'timers', `globalThis.${property.name}`);
      }
    },
    AwaitExpression(node) {
      touched(node, 'async', 'await');
    },
    FunctionDeclaration(node) {
      if (node.async) touched(node, 'async', 'an async function');
    },
    FunctionExpression(node) {
      if (node.async) touched(node, 'async', 'an async function');
    },
    ArrowFunctionExpression(node) {
      if (node.async) touched(node, 'async', 'an async function');
    },
    Identifier(node) {
      if (node.name === 'Promise') touched(node, 'async', 'Promise');
    },
  }).visit(program);

  const statements = program.body;
  const passedOn = statements.filter(
    (node) => node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source !== null),
  );
  const own = statements.filter((node) => node.type !== 'ImportDeclaration' && !passedOn.includes(node));
  const isBarrel =
    statements.some((node) => node.type === 'ExportAllDeclaration') || (passedOn.length > 0 && own.length === 0);
  return { imports, touches, lines: starts.length - (source.endsWith('\n') ? 1 : 0), isBarrel };
}

const text = (node: Node | undefined | null): string | null => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return null;
};

const isMember = (node: Node, object: string, property: string): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === object &&
  (node.property.type === 'Identifier'
    ? node.property.name === property
    : node.property.type === 'Literal' && node.property.value === property);
