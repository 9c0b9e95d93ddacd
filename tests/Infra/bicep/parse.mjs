// node parse.mjs FILE...: one JSON array, for each file its syntax errors and what it declares and uses by name.
import { readFileSync } from 'node:fs';
import Parser from 'tree-sitter';
import Bicep from 'tree-sitter-bicep';

const parser = new Parser();
parser.setLanguage(Bicep);

function* walk(node) {
  yield node;
  for (const child of node.namedChildren) yield* walk(child);
}

const unquote = (text) => text.replace(/^'|'$/g, '');
const child = (node, type) => node.namedChildren.find((found) => found.type === type);
const firstText = (node, type) => child(node, type)?.text;

/** The properties of an object and of the objects in it, as dotted paths with their source text. */
function properties(object, prefix = '') {
  const found = {};
  for (const property of object.namedChildren.filter((node) => node.type === 'object_property')) {
    const [key, value] = property.namedChildren;
    if (!value) continue;
    const name = prefix + unquote(key.text);
    if (value.type === 'object') Object.assign(found, properties(value, `${name}.`));
    else found[name] = value.text;
  }
  return found;
}

function declaration(node) {
  const body = [...walk(node)].find((found) => found.type === 'object');
  return {
    name: firstText(node, 'identifier'),
    target: unquote(firstText(node, 'string') ?? ''),
    properties: body ? properties(body) : {},
  };
}

// Whatever is named where a value stands: no key of an object, no function, no property of something else.
function usedBy(node) {
  if (node.type !== 'identifier') return false;
  const { parent } = node;
  if (parent.type === 'object_property') return parent.namedChildren[0].id !== node.id;
  if (parent.type === 'call_expression') return parent.namedChildren[0].id !== node.id;
  if (/_declaration$/.test(parent.type)) return parent.namedChildren.find((one) => one.type === 'identifier').id !== node.id;
  return !['for_loop_parameters', 'lambda_expression', 'decorator'].includes(parent.type) || parent.type === 'lambda_expression'
    && parent.namedChildren[0].id !== node.id;
}

/** Names that a loop or a lambda gives to its items. */
const localsOf = (nodes) => nodes.flatMap((node) => {
  if (node.type === 'for_statement') {
    const [initial] = node.namedChildren;
    return initial.type === 'for_loop_parameters' ? initial.namedChildren.map((one) => one.text) : [initial.text];
  }
  return node.type === 'lambda_expression' ? [node.namedChildren[0].text.replace(/[()\s]/g, '')] : [];
});

function read(file) {
  const { rootNode } = parser.parse(readFileSync(file, 'utf8'));
  const nodes = [...walk(rootNode)];
  const of = (type) => nodes.filter((node) => node.type === type);
  return {
    file,
    uses: [...new Set(nodes.filter(usedBy).map((node) => node.text))],
    locals: [...new Set(localsOf(nodes))],
    calls: [...new Set(of('call_expression').map((node) => node.namedChildren[0].text))],
    errors: nodes.filter((node) => node.isError || node.isMissing).map((node) => `${node.startPosition.row + 1}: ${node.text}`),
    parameters: of('parameter_declaration').map((node) => ({
      name: firstText(node, 'identifier'),
      optional: /=/.test(node.text),
    })),
    variables: of('variable_declaration').map((node) => ({
      name: firstText(node, 'identifier'),
      value: node.namedChildren.at(-1).text,
    })),
    resources: of('resource_declaration').map(declaration),
    modules: of('module_declaration').map(declaration),
    outputs: of('output_declaration').map((node) => ({
      name: firstText(node, 'identifier'),
      value: node.namedChildren.at(-1).text,
    })),
  };
}

console.log(JSON.stringify(process.argv.slice(2).map(read)));
