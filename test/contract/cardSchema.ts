/** A JSON schema, or any part of one. */
export type Schema = Record<string, unknown>;

interface Definition {
  anyOf?: Schema[];
  [keyword: string]: unknown;
}

/**
 * The published patterns read `^(a)|(b)|(c)$`: only the first is anchored at the start, so that "lighthouse" passes for a colour,
 * and a number passes for any word, since patterns judge strings only. This says what was meant: one whole word.
 */
export function whole(schema: Schema): Schema {
  return mapDefinitions(schema, (definition) =>
    definition.anyOf?.some((part) => 'enum' in part)
      ? { ...definition, anyOf: definition.anyOf.map(anchored) }
      : definition,
  );
}

function anchored(part: Schema): Schema {
  if (typeof part.pattern !== 'string') return part;
  return { type: 'string', pattern: `^(?:${part.pattern.replace(/^\^|\$$/g, '')})$` };
}

/**
 * The published schema says "one of these sixteen shapes", so that one wrong colour gives a hundred errors. Choosing the shape by
 * its `type` first allows the same cards and names the one thing that is wrong. Inlines stay: they may be plain strings.
 */
export function askByType(schema: Schema): Schema {
  return mapDefinitions(schema, (definition, name) =>
    name.startsWith('ImplementationsOf.') && name !== 'ImplementationsOf.Inline'
      ? {
          type: 'object',
          required: ['type'],
          discriminator: { propertyName: 'type' },
          oneOf: definition.anyOf?.map(({ allOf }) => (Array.isArray(allOf) ? allOf[0] : undefined)),
        }
      : definition,
  );
}

function mapDefinitions(schema: Schema, change: (definition: Definition, name: string) => Definition): Schema {
  const definitions = Object.entries(schema.definitions as Record<string, Definition>);
  return { ...schema, definitions: Object.fromEntries(definitions.map(([name, d]) => [name, change(d, name)])) };
}
