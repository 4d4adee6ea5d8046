/**
 * Finds small changes of a module that a test should notice. Writes all of them into the module, each behind a
 * switch.
 */
import { parseAst } from 'rolldown/parseAst';

/** One change: the text from `start` to `end` becomes `replacement`. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
};

/** Code that is not changed, because only readers see it: the names of the scrubber's rules. */
const LEFT_OUT = /^'[a-e] [\w -]+'$/;

/** Methods that a mutant leaves out: without them the expression still has a value of the same type. */
const TIDYING = new Set(['trim', 'toLowerCase', 'toUpperCase', 'slice', 'toSorted', 'toReversed', 'filter']);

/** All changes of a TypeScript module in the order of their place. Types are not changed. */
export function findMutants(code: string): Mutant[] {
  const mutants: Mutant[] = [];
  const text = ({ start, end }: Node) => code.slice(start, end);
  const add = ({ start, end }: Node, replacement: string) => {
    if (LEFT_OUT.test(code.slice(start, end))) return;
    const line = code.slice(0, start).split('\n').length;
    mutants.push({ start, end, replacement, line });
  };

  const visit = (node: Node, parent: Node | undefined, key: string): void => {
    changesOf(node, parent, key);
    for (const [name, value] of Object.entries(node)) {
      if (isSkipped(node, name)) continue;
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node, name);
    }
  };

  const changesOf = (node: Node, parent: Node | undefined, key: string): void => {
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression': {
        const { left, right, operator } = node;
        const other = OPERATORS[String(operator)];
        if (other === undefined || !isNode(left) || !isNode(right)) return;
        if (operator === '+' && [left, right].some(isText)) return;
        // JavaScript does not allow `??` beside `&&` or `||` without brackets.
        return add(node, `(${text(left)}) ${other} (${text(right)})`);
      }
      case 'UnaryExpression':
        if (node['operator'] === '!' && isNode(node['argument'])) add(node, text(node['argument']));
        return;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (isNode(node['test'])) for (const always of ['true', 'false']) add(node['test'], always);
        return;
      case 'Literal':
        if (parent?.type !== 'ExpressionStatement') for (const other of otherValues(node)) add(node, other);
        return;
      case 'TemplateLiteral':
        if (parent?.type !== 'TaggedTemplateExpression') add(node, "''");
        return;
      case 'ExpressionStatement':
        if (isNode(node['expression'])) add(node['expression'], 'undefined');
        return;
      case 'CallExpression': {
        const { callee } = node;
        // A switch around a part of `a?.b()` would break the chain.
        if (key === 'object' || key === 'callee' || key === 'expression' || !isNode(callee)) return;
        const { property, object, optional } = callee;
        if (optional === true || !isNode(property) || !isNode(object)) return;
        if (TIDYING.has(String(property['name'])) && !text(object).includes('?.')) add(node, text(object));
        return;
      }
      default:
    }
  };

  visit(program(code), undefined, '');
  return mutants.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

function program(code: string): Node {
  const parsed: unknown = parseAst(code, { lang: 'ts' });
  if (!isNode(parsed)) throw new Error('The parser made no tree');
  return parsed;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** True for code that must not be changed: types, names of modules and properties, and causes of endless loops. */
function isSkipped(node: Node, name: string): boolean {
  if (/^TS(?!AsExpression|SatisfiesExpression|NonNullExpression)/.test(node.type)) return true;
  if (/^(?:typeAnnotation|typeParameters|typeArguments|returnType|superTypeArguments)$/.test(name))
    return true;
  if (/^(?:Import|ExportAll)/.test(node.type) || (node.type.startsWith('Export') && name === 'source'))
    return true;
  if (node.type === 'ForStatement' && (name === 'test' || name === 'update')) return true;
  if (/^(?:While|DoWhile)Statement$/.test(node.type) && name === 'test') return true;
  return name === 'key' && node['computed'] !== true;
}

function isText(node: Node): boolean {
  return node.type === 'TemplateLiteral' || typeof node['value'] === 'string';
}

function otherValues(node: Node): string[] {
  const { value, regex } = node;
  if (typeof value === 'boolean') return [String(!value)];
  if (typeof value === 'number') return [String(value + 1)];
  if (typeof value === 'string') return value === '' ? ["'something'"] : ["''"];
  if (typeof regex !== 'object' || regex === null || !('pattern' in regex) || !('flags' in regex)) return [];
  const [pattern, flags] = [String(regex.pattern), String(regex.flags)];
  return [
    `/(?!)/${flags}`,
    ...(pattern.startsWith('^') && pattern.length > 1 ? [`/${pattern.slice(1)}/${flags}`] : []),
    ...(/[^\\]\$$/.test(pattern) ? [`/${pattern.slice(0, -1)}/${flags}`] : []),
  ];
}

/**
 * The module with all its changes. A change is in force while `activeMutants` has its number.
 * @param first the number of the first change
 * @param switchFile the module that exports `activeMutants`
 */
export function instrument(
  code: string,
  mutants: readonly Mutant[],
  first: number,
  switchFile: string,
): string {
  const before = new Map<number, string>();
  const behind = new Map<number, string>();
  // Wider changes come first: the one that opens first has to close last.
  for (const [index, { start, end, replacement }] of mutants.entries()) {
    const opening = `(activeMutants[${first + index}] ? (${replacement}) : (`;
    before.set(start, (before.get(start) ?? '') + opening);
    behind.set(end, `))${behind.get(end) ?? ''}`);
  }
  let result = '';
  for (let at = 0; at <= code.length; at++) {
    result += (behind.get(at) ?? '') + (before.get(at) ?? '') + (code[at] ?? '');
  }
  return `import { activeMutants } from '${switchFile}';\n${result}`;
}
