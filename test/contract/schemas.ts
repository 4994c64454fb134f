import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import Ajv04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { brokenCardRules } from './cardRules.ts';
import { askByType, type Schema, whole } from './cardSchema.ts';

const CONTRACTS = path.join(import.meta.dirname, '../../../shared/contracts/teams');

/** What is wrong with an app manifest (schema v1.25), one readable line each; none when it is right. Takes parsed JSON. */
export function validateManifest(json: unknown): string[] {
  return check(manifestSchema(), json);
}

/** What is wrong with a language file of the app package (schema v1.25); none when it is right. Takes parsed JSON. */
export function validateLocalization(json: unknown): string[] {
  return check(localizationSchema(), json);
}

/**
 * What is wrong with an Adaptive Card that a bot sends to Teams: first against the published 1.5 schema, then against what
 * Teams asks beyond it (cardRules.ts). None when it is right. Takes the card itself, not the attachment around it, and judges what
 * JSON makes of it.
 */
export function validateCard(card: unknown): string[] {
  const json = JSON.parse(JSON.stringify(card ?? null));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return ['/: must be an Adaptive Card object'];
  // Teams' own corner of a card; the schema knows nothing of it and would refuse it.
  const { msteams: _, ...plain } = json;
  const readable = check(typedCardSchema(), plain);
  const schema = readable.length > 0 ? readable : check(publishedCardSchema(), plain);
  return [...schema, ...brokenCardRules(json)];
}

const manifestSchema = once(() => draft04Validator('manifest-v1.25.schema.json'));
const localizationSchema = once(() => draft04Validator('manifest-localization-v1.25.schema.json'));
const publishedCardSchema = once(() => draft06Validator(cardSchema()));
const typedCardSchema = once(() => draft06Validator(askByType(whole(cardSchema()))));

function draft04Validator(file: string): ValidateFunction {
  // The published patterns hold a lone `]`, which JavaScript takes only outside its unicode mode.
  const ajv = new Ajv04.default({ allErrors: true, strictTypes: false, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(contract(file));
}

function draft06Validator(schema: Schema): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strictTypes: false, discriminator: true });
  ajv.addMetaSchema(draft06);
  // Notes for readers of the schema, which judge nothing.
  ajv.addVocabulary(['version', 'features', 'example']);
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** The published schema calls its own address `id`, a draft-04 word in a draft-06 file. Nothing refers to it. */
function cardSchema(): Schema {
  const { id: _, ...schema } = contract('adaptive-card-1.5.0.schema.json');
  return schema;
}

function contract(file: string): Schema {
  const from = path.join(CONTRACTS, file);
  if (!existsSync(from)) {
    const place = path.relative(path.join(import.meta.dirname, '../..'), from);
    throw new Error(`The contract tests need Microsoft's schema at ${place}, seen from the project. It is not there.`);
  }
  return JSON.parse(readFileSync(from, 'utf8'));
}

function check(validate: ValidateFunction, json: unknown): string[] {
  if (validate(json)) return [];
  const errors = validate.errors ?? [];
  const telling = errors.filter((error) => !isEcho(error, errors));
  return [...new Set((telling.length > 0 ? telling : errors).map(lineOf))];
}

/** An error that only says again, and less exactly, what another one says. */
function isEcho({ keyword, instancePath, params }: ErrorObject, errors: ErrorObject[]): boolean {
  const others = errors.filter((other) => other.instancePath === instancePath && other.keyword !== keyword);
  if (keyword === 'anyOf') return errors.some((other) => other.keyword !== 'anyOf');
  if (keyword === 'type') return others.some((other) => other.keyword !== 'anyOf');
  if (keyword === 'pattern') return others.some((other) => other.keyword === 'enum');
  return (
    keyword === 'required' && params.missingProperty === 'type' && others.some((o) => o.keyword === 'discriminator')
  );
}

function lineOf({ instancePath, message, params, keyword }: ErrorObject): string {
  const place = instancePath || '/';
  switch (keyword) {
    case 'enum':
      return `${place}: must be one of ${params.allowedValues.join(', ')}`;
    case 'additionalProperties':
      return `${place}: must not have "${params.additionalProperty}"`;
    case 'discriminator':
      return params.error === 'mapping' ? `${place}: unknown type "${params.tagValue}"` : `${place}: needs a type`;
    default:
      return `${place}: ${message}`;
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
