import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { LineHook } from '../../simulator/line/world.ts';
import type { Call } from '../../simulator/state.ts';

const CONTRACTS = path.join(import.meta.dirname, '../../../shared/contracts/line');
const FILES = ['messaging-api', 'channel-access-token', 'webhook'] as const;

type File = (typeof FILES)[number];
type Json = Record<string, unknown>;
interface Schema extends Json {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}
interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

/**
 * What is wrong with a call of the product to LINE, and with the answer that it got, by LINE's OpenAPI files; none when
 * all is right. A call that no file knows is wrong too. What a planned fault answered is not judged.
 */
export function brokenLineCall(call: Call): string[] {
  const found = operationOf(call);
  const name = `${call.method} ${call.path}`;
  if (!found) return [`${name}: no such operation`];
  const { file, operation } = found;
  const { 'content-type': type = '', ...headers } = call.headers ?? {};
  // What the product got wrong must have been refused; only what LINE took has to be right.
  const taken = call.status >= 200 && call.status < 300;
  const request = taken ? brokenRequest(file, operation, call.body, type, headers) : [];
  const answer = call.faulty || call.status === 0 ? [] : brokenAnswer(file, operation, call);
  return [...request, ...answer].map((line) => `${name}: ${line}`);
}

/** What is wrong with the body of a webhook, by `webhook.yml`; events of types that the file does not know yet are wrong. */
export function brokenLineHook({ body }: Pick<LineHook, 'body'>): string[] {
  return check('webhook', ref('CallbackRequest'), JSON.parse(body));
}

/** What is wrong with a value by a named schema. */
export function brokenBy(file: File, name: string, value: unknown): string[] {
  return check(file, ref(name), value);
}

function brokenRequest(file: File, operation: Operation, body: unknown, type: string, headers: Json): string[] {
  const keyed = (operation.parameters ?? []).filter((each) => each.in === 'header');
  const inHeaders = keyed.flatMap(({ name, schema }) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : check(file, schema, value).map((line) => `header ${name}${line}`);
  });
  const wanted = operation.requestBody;
  if (!wanted) return inHeaders;
  const [kind = '', content] = Object.entries(wanted.content)[0] ?? [];
  if (body === undefined) return wanted.required ? [...inHeaders, 'a body is needed'] : inHeaders;
  if (!type.startsWith(kind)) return [...inHeaders, `Content-Type is ${type}, not ${kind}`];
  const value = kind.includes('form') ? Object.fromEntries(new URLSearchParams(String(body))) : body;
  return [...inHeaders, ...check(file, content?.schema ?? {}, value).map((line) => `request ${line}`)];
}

function brokenAnswer(file: File, operation: Operation, { status, answer, path: called }: Call): string[] {
  const documented = operation.responses[String(status)];
  const isGood = status >= 200 && status < 300;
  // A file that is still being prepared is told in the reference only.
  if (!documented && isGood && !(status === 202 && called.endsWith('/content')))
    return [`${status} is no answer of it`];
  const [kind = '', content] = Object.entries(documented?.content ?? {})[0] ?? [];
  if (kind === '*/*') return typeof (answer as { bytes?: unknown })?.bytes === 'number' ? [] : ['answer: no file'];
  const schema = content?.schema ?? (isGood ? undefined : ref('ErrorResponse'));
  // Where no key fits, even the token host speaks as the Messaging API does.
  const by = (answer as Json | undefined)?.message === undefined ? file : 'messaging-api';
  return schema ? check(schema === content?.schema ? file : by, schema, answer).map((line) => `answer ${line}`) : [];
}

function operationOf({ method, path: called }: Call): { file: File; operation: Operation } | undefined {
  const [plain = ''] = called.split('?');
  for (const file of FILES.slice(0, 2)) {
    for (const [template, operations] of Object.entries(contract(file).paths)) {
      const operation = (operations as Record<string, Operation>)[method.toLowerCase()];
      const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
      if (operation && pattern.test(plain)) return { file, operation };
    }
  }
  return undefined;
}

function check(file: File, schema: Schema, value: unknown): string[] {
  const validate = validatorOf(file, schema);
  const lines = validate(value) ? [] : (validate.errors ?? []).map(lineOf);
  return [...lines, ...brokenTypes(file, schema, value, '')];
}

/**
 * Follows the discriminators, which Ajv does not in these files: every object that has one is checked by the schema of its
 * own `type` as well, and a type that the mapping does not know is wrong.
 */
function brokenTypes(file: File, schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (schema.$ref) return brokenTypes(file, lookUp(file, schema.$ref), value, at);
  const { discriminator, allOf = [], properties = {}, items, additionalProperties } = schema;
  if (Array.isArray(value))
    return items ? value.flatMap((each, index) => brokenTypes(file, items, each, `${at}/${index}`)) : [];
  const fields = value as Json;
  const inside = Object.entries(fields).flatMap(([name, each]) => {
    const known = properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return known ? brokenTypes(file, known, each, `${at}/${name}`) : [];
  });
  const parts = allOf.flatMap((part) => brokenTypes(file, withoutDiscriminator(file, part), value, at));
  if (!discriminator) return [...inside, ...parts];
  const type = fields[discriminator.propertyName];
  const own = typeof type === 'string' ? discriminator.mapping[type] : undefined;
  if (!own) return [...inside, ...parts, `${at || '/'}: unknown type ${JSON.stringify(type)}`];
  const validate = validatorOf(file, { $ref: own });
  const lines = validate(value) ? [] : (validate.errors ?? []).map((error) => at + lineOf(error));
  return [...inside, ...parts, ...lines, ...brokenTypes(file, lookUp(file, own), value, at)];
}

/** The parent that a sub-schema refers to would send us round and round. */
function withoutDiscriminator(file: File, part: Schema): Schema {
  const { discriminator: _, ...rest } = part.$ref ? lookUp(file, part.$ref) : part;
  return rest;
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

function lookUp(file: File, pointer: string): Schema {
  const name = pointer.split('/').at(-1) ?? '';
  const found = contract(file).components.schemas[name];
  if (!found) throw new Error(`${file}.yml has no ${pointer}.`);
  return found;
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(file: File, schema: Schema): ValidateFunction {
  const key = `${file} ${JSON.stringify(schema)}`;
  let found = validators.get(key);
  if (!found) {
    found = ajv().compile(absolute(file, schema) as Schema);
    validators.set(key, found);
  }
  return found;
}

let made: Ajv | undefined;

function ajv(): Ajv {
  if (made) return made;
  made = new Ajv({ allErrors: true, strict: false });
  addFormats.default(made);
  for (const format of ['int32', 'int64', 'double', 'binary']) made.addFormat(format, true);
  for (const file of FILES) made.addSchema({ $id: file, components: contract(file).components });
  return made;
}

/** `#/…` inside a schema of a file means that file. */
function absolute(file: File, value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"$ref":"#', `"$ref":"${file}#`));
}

interface Contract {
  paths: Record<string, unknown>;
  components: { schemas: Record<string, Schema> };
}

const contracts = new Map<File, Contract>();

function contract(file: File): Contract {
  const known = contracts.get(file);
  if (known) return known;
  const from = path.join(CONTRACTS, `${file}.yml`);
  if (!existsSync(from)) {
    const place = path.relative(path.join(import.meta.dirname, '../..'), from);
    throw new Error(`The contract tests need LINE's OpenAPI file at ${place}, seen from the project. It is not there.`);
  }
  const read = parse(readFileSync(from, 'utf8')) as Contract;
  contracts.set(file, read);
  return read;
}

function lineOf({ instancePath, message, params, keyword }: ErrorObject): string {
  const place = instancePath || '/';
  return keyword === 'enum' ? `${place}: must be one of ${params.allowedValues.join(', ')}` : `${place}: ${message}`;
}
