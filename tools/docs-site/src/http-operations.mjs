import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of docs/openapi.json, as Markdown. */
export function httpOperations(workspace) {
  const document = JSON.parse(readFileSync(join(workspace, 'docs/openapi.json'), 'utf8'));
  const resolve = (value) =>
    value?.$ref === undefined
      ? value
      : resolve(
          value.$ref
            .slice(2)
            .split('/')
            .reduce((from, name) => from[name], document),
        );
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({ path, method, ...item[method] })),
  );
  return document.tags
    .map(({ name, description }) => {
      const own = operations.filter(({ tags }) => tags[0] === name);
      return [`### ${title(name)}`, description, ...own.map((operation) => section(operation, resolve))].join('\n\n');
    })
    .join('\n\n');
}

const title = (name) => name[0].toUpperCase() + name.slice(1);

function section({ method, path, summary, description, parameters = [], requestBody, responses }, resolve) {
  const parts = [`#### ${method.toUpperCase()} ${path}`, `**${summary}**`, description.trim()];
  const fields = parameters
    .map(resolve)
    .map(({ name, in: place, required, schema, description: text }) => [
      `\`${name}\` (${place})`,
      typeOf(resolve(schema), resolve) + (required ? ', required' : ''),
      text ?? '',
    ]);
  if (fields.length > 0) parts.push(table(['Parameter', 'Type', 'Meaning'], fields));
  const body = requestBody && resolve(resolve(requestBody).content['application/json'].schema);
  if (body) parts.push(table(['Field of the body', 'Type', 'Meaning'], fieldsOf(body, resolve)));
  const answers = Object.entries(responses).map(([status, answer]) => [status, resolve(answer)]);
  parts.push(`Statuses: ${answers.map(([status]) => status).join(', ')}.`);
  const [status, success] = answers[0];
  const content = success.content?.['application/json'];
  const schema = content && resolve(content.schema);
  const shown = schema?.type === 'array' ? resolve(schema.items) : schema;
  if (shown?.properties) {
    parts.push(
      table(
        [`Field of the ${status}${schema === shown ? '' : ', an array of'}`, 'Type', 'Meaning'],
        fieldsOf(shown, resolve),
      ),
    );
  }
  const example = content?.example ?? Object.values(content?.examples ?? {})[0]?.value;
  if (example !== undefined) parts.push(`\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``);
  return parts.join('\n\n');
}

const fieldsOf = ({ properties = {}, required = [] }, resolve) =>
  Object.entries(properties).map(([name, field]) => {
    const schema = resolve(field);
    const type = typeOf(schema, resolve) + (required.includes(name) ? ', required' : '');
    return [`\`${name}\``, type, field.description ?? schema.description ?? ''];
  });

function typeOf(schema = {}, resolve) {
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return parts.map((part) => typeOf(resolve(part), resolve)).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `array of ${typeOf(resolve(schema.items), resolve)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}

const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

const cell = (text) =>
  text
    .trim()
    .replaceAll(/\s*\n+\s*/g, ' ')
    .replaceAll('|', '\\|');
